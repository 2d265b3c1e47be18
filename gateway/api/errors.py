"""The only table from the kind of a problem to an HTTP status."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

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


def no_route_response(status: int, path: str, headers: Mapping[str, str] | None) -> Response:
    """An OperationOutcome for what the router refuses: an address that is not there, a method it does not have."""
    problem = _no_method(path) if status == HTTPStatus.METHOD_NOT_ALLOWED else _no_address(path)
    return Response(encode(write_outcome([problem])), status, headers, media_type=FHIR_JSON)


def refusal_response(problems: Sequence[Problem]) -> Response:
    """An OperationOutcome under the status of its first problem."""
    return Response(encode(write_outcome(problems)), STATUS[problems[0].kind], media_type=FHIR_JSON)


def _no_address(path: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "unknown-address",
        path[:80],
        "nothing is at this address: /fhir/metadata says what is offered",
        "该地址不存在:可用内容见 /fhir/metadata",
    )


def _no_method(path: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "method-not-offered",
        path[:80],
        "this address does not take the method: the Allow header and /fhir/metadata say what it takes",
        "该地址不支持此方法:请见 Allow 头和 /fhir/metadata",
    )
