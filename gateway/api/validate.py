"""`/fhir/{type}/$validate` and `/fhir/{type}/{id}/$validate`, by GET and POST, in JSON and XML: always an outcome.

On an instance without a body the stored resource is judged, which is a read and audited as one. 200 with an
OperationOutcome whatever is wrong with the resource; another status only where the call itself cannot be understood.
"""

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON
from gateway.exchange import rest
from gateway.exchange.exchange import Exchange
from gateway.exchange.validate import Asked, read_asked, validate_asked
from gateway.fhir.json import MAX_BYTES, decode, encode, read_stored
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Partner
from gateway.validation.read_json import read_json
from gateway.validation.read_xml import read_xml


def validate_routes(exchange: Exchange) -> APIRouter:
    """The router; refusals are raised."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])

    async def validate(request: Request) -> Response:
        partner = exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(partner, Problem):
            raise Refusal(partner)
        body = await read_body(request, most=MAX_BYTES) if request.method == "POST" else b""
        asked = Asked(
            type=_known(exchange, request.path_params["type"]),
            id=request.path_params.get("id", ""),
            resource=None,
            mode=request.query_params.get("mode", ""),
            profile=request.query_params.get("profile", ""),
        )
        outcome = await asyncio.to_thread(_outcome, exchange, partner, asked, body)
        return Response(encode(outcome), media_type=FHIR_JSON)

    for path in ("/{type}/$validate", "/{type}/{id}/$validate"):
        name = f"fhir-validate-{path}"
        router.add_api_route(path, validate, methods=["GET", "POST"], summary="Judge a resource", name=name)
    return router


def _outcome(exchange: Exchange, partner: Partner, asked: Asked, body: bytes) -> dict[str, Any]:
    if body.strip():
        asked = _with_body(exchange, asked, body)
    if asked.id and asked.resource is None and asked.mode != "delete":
        stored = rest.read(exchange, partner, asked.type, asked.id).result()
        if stored is None:
            raise Refusal(rest.not_found(asked.type, asked.id))
        asked = replace(asked, resource=read_stored(stored.body, id=stored.id))
    return validate_asked(exchange.guide, partner, asked)


def _with_body(exchange: Exchange, asked: Asked, body: bytes) -> Asked:
    """The call with its body: the resource itself, or Parameters around it. Refusal: it is no JSON or XML at all."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        text = read_xml(body, exchange.guide.validator.library.types)
    else:
        decode(body)
        text = read_json(body)
    if not isinstance(text.value, dict):
        raise Refusal([Problem(Kind.MALFORMED, each.code, "", each.en, each.zh) for each in text.wrong] or _no_object())
    if text.value.get("resourceType") == "Parameters" and asked.type != "Parameters":
        return read_asked(replace(asked, wrong=tuple(text.wrong)), text.value)
    return replace(asked, resource=text.value, wrong=tuple(text.wrong))


def _known(exchange: Exchange, type: str) -> str:
    if exchange.guide.validator.library.types.is_resource(type):
        return type
    raise Refusal(
        Problem(
            Kind.NOT_FOUND,
            "unknown-type",
            type[:64],
            f"'{type[:64]}' is no resource type of FHIR R4",
            f"“{type[:64]}”不是 FHIR R4 的资源类型",
        )
    )


def _no_object() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "not-a-resource",
        "",
        'a FHIR resource is a JSON object with "resourceType": send one',
        "FHIR 资源应为含 resourceType 的 JSON 对象:请更正",
    )
