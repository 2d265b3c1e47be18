"""Specifications of enrolment."""
