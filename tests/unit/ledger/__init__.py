"""What the books promise."""
