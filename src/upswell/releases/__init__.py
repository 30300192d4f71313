"""Releases: from the first days of activity to streams on another service, and a tier."""
