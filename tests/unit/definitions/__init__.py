"""Packages read, packed, found and put together; the base types as they ship."""
