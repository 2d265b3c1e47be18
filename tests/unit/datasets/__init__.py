"""Explanations and back-tests, from a store in which people have settled claims."""
