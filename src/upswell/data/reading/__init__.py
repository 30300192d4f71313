"""Reading: from files, folders, databases and data frames to typed observations."""

from upswell.data.reading._reading import read_observations

__all__ = ["read_observations"]
