"""Adapters, each read as what its feed promises."""
