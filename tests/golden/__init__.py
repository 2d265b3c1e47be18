"""Golden files: what every sample message is answered, byte for byte. `python -m tests.golden --write` makes them."""
