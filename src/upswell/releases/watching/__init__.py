"""Watching: whether this week's releases are still like those that the models were taught on."""
