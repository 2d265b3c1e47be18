"""What the demonstration day is made of."""
