"""How fast each part is, measured from outside: `python -m tests.bench`."""
