"""Profiles compiled to closures, and what they find wrong with a resource: values in, issues out."""
