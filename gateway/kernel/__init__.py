"""Values every other room speaks in: money, dates, ids, citizen numbers and the one error value."""
