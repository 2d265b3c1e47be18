"""Tests of the books read out: statements, trail, disclosure."""
