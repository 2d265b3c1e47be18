"""Tests of reconciliation with institutions and banks."""
