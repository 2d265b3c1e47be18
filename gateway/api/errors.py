"""The only table from the kind of a problem to an HTTP status."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from gateway.fhir.json import encode
from gateway.fhir.outcome import write_outcome
from gateway.kernel.problem import Kind, Problem

FHIR_JSON = "application/fhir+json; charset=utf-8"

STATUS: Mapping[Kind, int] = {
    Kind.MALFORMED: 400,
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.RULE: 422,
    Kind.FAULT: 500,
    Kind.UNSUPPORTED: 501,
    Kind.UNAVAILABLE: 503,
}


def refusal_response(problems: Sequence[Problem]) -> Response:
    """An OperationOutcome under the status of its first problem."""
    return Response(encode(write_outcome(problems)), STATUS[problems[0].kind], media_type=FHIR_JSON)
