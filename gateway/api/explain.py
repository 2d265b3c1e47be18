"""`GET /fhir/ClaimResponse/{id}/$explain`: every fen of a settlement by rule and source, as JSON or as a page to print.

Whoever may read the ClaimResponse may have it explained; the reading is audited as such.
"""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.datasets.explanation import explain_settlement, find_settlement
from gateway.datasets.explanation_json import write_explanation
from gateway.datasets.explanation_page import POLICY, explanation_page
from gateway.exchange import rest
from gateway.exchange.exchange import Exchange
from gateway.fhir.json import encode
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Partner

JSON, HTML = "application/json", "text/html"
_FORMATS = {
    "json": JSON,
    JSON: JSON,
    "application/fhir+json": JSON,
    "html": HTML,
    HTML: HTML,
    "application/xhtml+xml": HTML,
}
_LONGEST_ACCEPT = 1000
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept"}


def explain_routes(exchange: Exchange) -> APIRouter:
    """The router; refusals are raised."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])

    async def explain(request: Request) -> Response:
        found = exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(found, Problem):
            raise Refusal(found)
        format = asked_format(request.query_params.getlist("_format"), request.headers.get("accept", ""))
        return await asyncio.to_thread(_answer, exchange, found, request.path_params["id"], format)

    summary = "Explain a settlement: lines, steps in figures, rules (_format=json or html)"
    router.add_api_route("/ClaimResponse/{id}/$explain", explain, methods=["GET"], summary=summary, name="fhir-explain")
    return router


def asked_format(named: Sequence[str], accept: str) -> str:
    """JSON or HTML: what `_format` names, else the best of the Accept header, else JSON. Refusal: bad-format."""
    if named:
        found = _FORMATS.get(named[0].partition(";")[0].strip().lower())
        if found is None:
            raise Refusal(_bad_format(named[0]))
        return found
    wanted = [(-_weight(part), _FORMATS.get(_type(part), "")) for part in accept[:_LONGEST_ACCEPT].split(",")]
    ranked = sorted((each for each in wanted if each[1] and each[0] < 0), key=lambda each: each[0])
    return ranked[0][1] if ranked else JSON


def _type(part: str) -> str:
    return part.partition(";")[0].strip().lower()


def _weight(part: str) -> int:
    """Thousandths of the q parameter; 1000 without one, 0 where it cannot be read."""
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            whole, _, rest = value.strip().partition(".")
            digits = whole + rest[:3].ljust(3, "0")
            return min(1000, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) == 4 else 0
    return 1000


def _answer(exchange: Exchange, partner: Partner, id: str, format: str) -> Response:
    if rest.read(exchange, partner, "ClaimResponse", id).result() is None:
        raise Refusal(rest.not_found("ClaimResponse", id))
    settlement = find_settlement(exchange.store, id)
    if settlement is None:
        raise Refusal(_not_settled(id))
    explanation = explain_settlement(exchange.store, settlement)
    if format == HTML:
        headers = {**_PRIVATE, "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return Response(explanation_page(explanation), headers=headers, media_type="text/html; charset=utf-8")
    return Response(encode(write_explanation(explanation)), headers=_PRIVATE, media_type="application/json")


def _bad_format(named: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-format",
        "_format",
        f"'{named[:40]}' is not offered: write json or html",
        f"不支持格式“{named[:40]}”:请写 json 或 html",
    )


def _not_settled(id: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-explanation",
        f"ClaimResponse/{id[:64]}",
        "this ClaimResponse is not of a settlement: there is nothing to explain",
        "该 ClaimResponse 不是结算结果:没有可说明的内容",
    )
