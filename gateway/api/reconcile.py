"""`/reconcile`: institutions state totals and details, officers match a day, work on its findings and sign it off."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON, STATUS
from gateway.exchange import reconciliation
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared, Reply
from gateway.exchange.reconciliation import DAY_FIELDS, FINDING_FIELDS, WINDOW_FIELDS
from gateway.fhir.json import decode, encode
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Partner

JSON = "application/json"
MOST_BYTES = 1024 * 1024
MOST_DETAILS = 32 * 1024 * 1024
TOTAL_FIELDS = (*WINDOW_FIELDS, "cases", "total", "fund", "account")
FILTERS = ("day", "state", "institution", "after", "limit")
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def reconcile_routes(exchange: Exchange) -> APIRouter:
    """The router; every refusal is an OperationOutcome."""
    router = APIRouter(prefix="/reconcile", tags=["reconciliation"])
    desk = Reconciling(exchange)
    for method, path, endpoint, summary in (
        ("POST", "/totals", desk.totals, "Totals of an institution beside the core's 对总账"),
        ("POST", "/details", desk.details, "Details of an institution as CSV beside the core's 对明细账"),
        ("POST", "/day", desk.match, "Match a day: institutions, core, bank"),
        ("GET", "/day", desk.day, "A day and its last match (scheme, day)"),
        ("POST", "/day/sign-off", desk.sign_off, "Close a day without open findings 日终签结"),
        ("GET", "/findings", desk.findings, "The worklist, filtered by day, state, institution"),
        ("GET", "/findings/{id}", desk.finding, "A finding with what was done about it"),
        ("POST", "/findings/{id}", desk.resolve, "Act on a finding: action, why, reference"),
    ):
        router.add_api_route(
            path, endpoint, methods=[method], summary=summary, name=f"reconcile-{method}{path}".lower()
        )
    return router


class Reconciling:
    """The endpoints over one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def totals(self, request: Request) -> Response:
        return await self._run(request, "check-totals", TOTAL_FIELDS)

    async def match(self, request: Request) -> Response:
        return await self._run(request, "match-day", DAY_FIELDS)

    async def resolve(self, request: Request) -> Response:
        return await self._run(request, "resolve-finding", FINDING_FIELDS, finding=request.path_params["id"])

    async def details(self, request: Request) -> Response:
        partner = self._partner(request)
        body = await read_body(request, most=MOST_DETAILS)
        said = {name: request.query_params.get(name, "") for name in WINDOW_FIELDS}
        prepared = await asyncio.to_thread(reconciliation.prepare_details, self._exchange, partner, said, body)
        return await self._taken(prepared)

    async def sign_off(self, request: Request) -> Response:
        partner = self._partner(request)
        said = _fields(await read_body(request, most=MOST_BYTES), DAY_FIELDS)
        return _response(await asyncio.to_thread(reconciliation.sign_off, self._exchange, partner, said))

    async def day(self, request: Request) -> Response:
        partner = self._partner(request)
        scheme, day = (request.query_params.get(name, "") for name in ("scheme", "day"))
        return _told(await asyncio.to_thread(reconciliation.find_day, self._exchange, partner, scheme, day))

    async def findings(self, request: Request) -> Response:
        partner = self._partner(request)
        asked = {name: request.query_params.get(name, "") for name in FILTERS}
        return _told(await asyncio.to_thread(reconciliation.find_findings, self._exchange, partner, asked))

    async def finding(self, request: Request) -> Response:
        partner, id = self._partner(request), request.path_params["id"]
        return _told(await asyncio.to_thread(reconciliation.find_finding, self._exchange, partner, id))

    async def _run(self, request: Request, operation: str, fields: Sequence[str], **more: str) -> Response:
        partner = self._partner(request)
        said = {**_fields(await read_body(request, most=MOST_BYTES), fields), **more}
        return await self._taken(reconciliation.prepare(self._exchange, partner, operation, said))

    async def _taken(self, prepared: Prepared) -> Response:
        return _response(await asyncio.wrap_future(self._exchange.take(prepared)))

    def _partner(self, request: Request) -> Partner:
        found = self._exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(found, Problem):
            raise Refusal(found)
        return found


def _response(reply: Reply) -> Response:
    if reply.refused is not None:
        return Response(reply.body, STATUS[reply.refused], media_type=FHIR_JSON)
    return Response(reply.body, headers=_PRIVATE, media_type=JSON)


def _told(tree: Mapping[str, Any]) -> Response:
    return Response(encode(tree), headers=_PRIVATE, media_type=JSON)


def _fields(body: bytes, names: Sequence[str]) -> dict[str, str]:
    """The named members of a JSON object as text; others are left out. Refusal: not-json and so on, bad-request."""
    value = decode(body)
    if not isinstance(value, dict):
        raise Refusal(_not_an_object(names))
    texts = {name: _text(value[name]) for name in names if value.get(name) is not None}
    if any(text is None for text in texts.values()):
        raise Refusal(_not_an_object(names))
    return {name: text for name, text in texts.items() if text is not None}


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value if len(value) <= 1000 and value.isprintable() else None
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _not_an_object(names: Sequence[str]) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-request",
        "",
        f"send one JSON object of texts and numbers, each of at most 1000 characters: {', '.join(names)}",
        f"请发送一个JSON对象,值为文本或数字、各不超过1000个字符:{'、'.join(names)}",
    )
