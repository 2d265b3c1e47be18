"""Specifications of the settlement core."""
