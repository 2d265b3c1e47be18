"""Bank feed: ISO 20022 camt.054 credit notifications that post contributions."""
