"""Our FHIRPath and fhirpath.js side by side; needs Node and `npm ci` in this folder, see docs/fhirpath.md."""
