"""The conformance suite proved on real sockets: it passes a sound gateway and finds faults that are planted."""
