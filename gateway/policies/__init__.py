"""Area policies as dated, cited data, and what reads them: every problem reported with file, line and remedy."""
