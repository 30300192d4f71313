"""Upswell sees audience demand coming: daily counts into forecasts and decisions."""

from upswell._version import __version__

__all__ = ["__version__"]
