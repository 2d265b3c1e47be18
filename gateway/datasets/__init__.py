"""What is read out of the store: explanations for people, back-tests of drafts. Nothing here writes."""
