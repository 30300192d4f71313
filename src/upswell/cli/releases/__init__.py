"""The commands ``upswell releases``: one thin module per command."""
