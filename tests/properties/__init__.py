"""Properties that hold for every value, searched for counter-examples."""
