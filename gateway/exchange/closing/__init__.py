"""Closing the books: months assessed, cleared and frozen; years carried over."""
