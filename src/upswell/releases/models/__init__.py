"""The models of the release job: the number, the tier, their tuning and how they are kept."""
