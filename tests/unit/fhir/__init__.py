"""The FHIR room as specifications."""
