"""Published packages as the measure: what their publishers made must compile and be valid."""
