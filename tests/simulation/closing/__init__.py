"""A month and its year are closed by a process that is killed at random: the books end as if nothing had happened."""
