"""Snapshots: small profiles whose every step is seen, and every profile of published packages."""
