"""Comparisons that need Node, each with its own package."""
