"""One folder per feed. Found by scanning, never imported by name."""
