"""Police feed: population changes as CSV that open, change and close persons."""
