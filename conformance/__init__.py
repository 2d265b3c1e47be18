"""Black box suite that partners run over the network: it knows addresses and standards, nothing of how it was built."""
