"""Tests of the guide: the package, its examples, what the gateway writes, the pages."""
