"""FHIRPath (normative release 2.0.0, "N1", with the additions of FHIR R4), compiled to closures over plain JSON.

`gateway.fhirpath.expression.compile` is the way in; `host` says what a caller brings.
"""
