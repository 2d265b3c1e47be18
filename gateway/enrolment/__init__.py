"""Who is covered, since when, and what their contribution covers. Pure."""
