"""FHIR R4 as values: read_x and write_x per resource family, dict in, dict out, no I/O."""
