"""The other side: a partner's own client is tested against a scripted endpoint that records, answers and judges."""
