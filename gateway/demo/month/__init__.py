"""The simulated month: money along the two lines, care under several methods of payment, clearing, payment, books."""
