"""Where bytes come in: one file per way of framing messages."""
