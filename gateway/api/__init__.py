"""HTTP: FHIR, the NHSA interface, file feeds and health. Routes read bytes and answer bytes."""
