"""Every function by its name: those of N1, of FHIR R4, and the ones of the trial release 3.0 that users expect."""

from typing import Final

from gateway.fhirpath.functions import (
    boundaries,
    collections,
    conversion,
    existence,
    fhir,
    mathematics,
    strings,
    times,
    utility,
)
from gateway.fhirpath.site import Function

FUNCTIONS: Final[dict[str, Function]] = {
    **existence.TABLE,
    **collections.TABLE,
    **conversion.TABLE,
    **strings.TABLE,
    **mathematics.TABLE,
    **times.TABLE,
    **boundaries.TABLE,
    **utility.TABLE,
    **fhir.TABLE,
}

UNSUPPORTED: Final[dict[str, str]] = {
    "elementDefinition": "an evaluation has no profile at hand",
    "slice": "an evaluation has no profile at hand",
    "defineVariable": "it is not part of FHIRPath 2.0; pass the variable instead",
}
