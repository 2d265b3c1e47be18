"""Snapshots from differentials: what a profile says, laid over what its base says, as R4 section 5.1.0.14 asks."""
