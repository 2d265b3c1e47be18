"""The only SQL of the product: one unit of work on SQLite or PostgreSQL, committed in groups."""
