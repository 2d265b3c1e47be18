"""Tests of closing months and years."""
