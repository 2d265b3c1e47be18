"""The mapping language, the pipeline and what lies between a channel and the core."""
