"""Interoperable medical-insurance gateway: feeds in, FHIR R4 inside, settled, posted and answered."""
