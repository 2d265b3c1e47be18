"""What policy folders say, what is reported when they say it wrongly, and what their cases show."""
