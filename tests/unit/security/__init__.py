"""Specifications of partners, rights and keys."""
