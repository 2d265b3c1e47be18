"""Code systems, value sets and concept maps: expanded, validated, looked up, compared and translated."""
