"""Clearing with institutions 清算: a month's payables, applied for, reviewed, approved by two, paid once."""
