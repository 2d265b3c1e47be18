"""The validator as specifications: what is found wrong, where, and what is accepted."""
