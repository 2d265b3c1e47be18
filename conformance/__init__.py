"""Black box suite that partners run over the network."""
