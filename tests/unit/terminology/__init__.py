"""Terminology: data, packed lists, operations, loading, what the validator asks."""
