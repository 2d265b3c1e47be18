"""HL7's own validation engine beside ours on the same resources; needs Java 17, run by `make conformance-oracle`."""
