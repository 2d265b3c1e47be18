"""The implementation guide: the compiled package and its examples, rendered as pages in Chinese and English."""
