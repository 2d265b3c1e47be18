"""The books read out: statements of a period, the way from a figure to the messages behind it, what is made public."""
