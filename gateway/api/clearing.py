"""`/clearing`: institutions apply and read what they are paid; officers review, approve, instruct."""

import asyncio
from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON, STATUS
from gateway.exchange import clearances, remittances
from gateway.exchange.clearing.views import application_view, clearing_view, payment_view, summary_view
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared, Reply
from gateway.fhir.json import encode
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Partner

JSON = "application/json"
MOST_BYTES = 1024 * 1024
FORMATS = ("fhir", "hl7v2", "csv")
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
FILTERS = ("state", "period", "institution", "after")


def clearing_routes(exchange: Exchange) -> APIRouter:
    """The router; every refusal is an OperationOutcome."""
    router = APIRouter(prefix="/clearing", tags=["clearing"])
    acts, readings = Acts(exchange), Readings(exchange)
    for method, path, endpoint, summary in (
        ("GET", "", readings.clearings, "Clearings, filtered by state, period, institution"),
        ("POST", "/applications", acts.apply, "Apply for a month 清算申请"),
        ("GET", "/applications/{id}", readings.application, "An application with both sides' figures"),
        ("POST", "/applications/{id}/revoke", acts.revoke, "Revoke an application 清算撤销"),
        ("POST", "/payment-files", acts.instruct, "Instruct today's payments of a scheme, once"),
        ("GET", "/payment-files/{id}", readings.file, "The payment file as it left"),
        ("GET", "/payments/{id}", readings.payment, "A payment and what the bank said of it"),
        ("GET", "/{id}", readings.clearing, "A clearing"),
        ("POST", "/{id}/review", acts.review, "Deductions after review 审核扣款"),
        ("POST", "/{id}/approve", acts.approve, "Approve, first or second 双人复核"),
        ("POST", "/{id}/reopen", acts.reopen, "Pay again after a second failure"),
        ("GET", "/{id}/remittance", readings.remittance, "What is paid, line by line (format=fhir, hl7v2 or csv)"),
    ):
        name = f"clearing-{method}-{path or 'all'}".lower()
        router.add_api_route(path, endpoint, methods=[method], summary=summary, name=name)
    return router


class Acts:
    """What changes a clearing."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def apply(self, request: Request) -> Response:
        partner, body = await _asked(self._exchange, request)
        return await self._concluded(clearances.prepare_application(self._exchange, partner, body, key=_key(request)))

    async def revoke(self, request: Request) -> Response:
        partner, _ = await _asked(self._exchange, request)
        id = request.path_params["id"]
        return await self._concluded(clearances.prepare_revocation(self._exchange, partner, id, key=_key(request)))

    async def review(self, request: Request) -> Response:
        partner, body = await _asked(self._exchange, request)
        id = request.path_params["id"]
        return await self._concluded(clearances.prepare_review(self._exchange, partner, id, body, key=_key(request)))

    async def approve(self, request: Request) -> Response:
        partner, body = await _asked(self._exchange, request)
        id, key = request.path_params["id"], _key(request)
        prepared = await asyncio.to_thread(clearances.prepare_approval, self._exchange, partner, id, body, key=key)
        return await self._concluded(prepared)

    async def reopen(self, request: Request) -> Response:
        partner, body = await _asked(self._exchange, request)
        id = request.path_params["id"]
        return await self._concluded(clearances.prepare_reopening(self._exchange, partner, id, body, key=_key(request)))

    async def instruct(self, request: Request) -> Response:
        partner, body = await _asked(self._exchange, request)
        return _replied(await asyncio.to_thread(clearances.instruct_payments, self._exchange, partner, body))

    async def _concluded(self, prepared: Prepared) -> Response:
        return _replied(await asyncio.wrap_future(self._exchange.conclude(prepared)))


class Readings:
    """What changes nothing; each reading is audited."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def clearings(self, request: Request) -> Response:
        partner = _partner(self._exchange, request)
        filters = _filters(request.query_params)
        found, after = await asyncio.to_thread(remittances.find_clearings, self._exchange, partner, **filters)
        return _json({"clearings": [summary_view(each) for each in found], "next": after})

    async def clearing(self, request: Request) -> Response:
        partner, id = _partner(self._exchange, request), request.path_params["id"]
        held = await asyncio.to_thread(remittances.find_clearing, self._exchange, partner, id)
        return _json(clearing_view(held))

    async def application(self, request: Request) -> Response:
        partner, id = _partner(self._exchange, request), request.path_params["id"]
        held = await asyncio.to_thread(remittances.find_application, self._exchange, partner, id)
        return _json(application_view(held))

    async def payment(self, request: Request) -> Response:
        partner, id = _partner(self._exchange, request), request.path_params["id"]
        held = await asyncio.to_thread(remittances.find_payment, self._exchange, partner, id)
        return _json(payment_view(held))

    async def file(self, request: Request) -> Response:
        partner, id = _partner(self._exchange, request), request.path_params["id"]
        held = await asyncio.to_thread(remittances.find_file, self._exchange, partner, id)
        return Response(held.body.content, headers=_PRIVATE, media_type=held.body.content_type)

    async def remittance(self, request: Request) -> Response:
        partner, id = _partner(self._exchange, request), request.path_params["id"]
        asked = request.query_params.get("format", "fhir")
        if asked not in FORMATS:
            raise Refusal(_bad_format(asked))
        on = _day(request.query_params.get("day", ""))
        return await asyncio.to_thread(self._remittance, partner, id, asked, on)

    def _remittance(self, partner: Partner, id: str, asked: str, on: date | None) -> Response:
        held = remittances.find_clearing(self._exchange, partner, id)
        if asked == "csv":
            name = {"Content-Disposition": f'attachment; filename="{held.body.institution}-{held.body.month}.csv"'}
            body = remittances.csv_remittance(self._exchange, held)
            return Response(body, headers={**_PRIVATE, **name}, media_type="text/csv; charset=utf-8")
        if asked == "hl7v2":
            body = remittances.hl7_remittance(self._exchange, held)
            return Response(body, headers=_PRIVATE, media_type="application/hl7-v2; charset=utf-8")
        resource = remittances.fhir_remittance(self._exchange, held, on=on)
        return Response(encode(resource), headers=_PRIVATE, media_type=FHIR_JSON)


async def _asked(exchange: Exchange, request: Request) -> tuple[Partner, bytes]:
    partner = _partner(exchange, request)
    return partner, await read_body(request, most=MOST_BYTES)


def _partner(exchange: Exchange, request: Request) -> Partner:
    found = exchange.partners.bearer(request.headers.get("authorization", ""))
    if isinstance(found, Problem):
        raise Refusal(found)
    return found


def _replied(reply: Reply) -> Response:
    if reply.refused is None:
        return Response(reply.body, headers=_PRIVATE, media_type=JSON)
    return Response(reply.body, STATUS[reply.refused], media_type=FHIR_JSON)


def _key(request: Request) -> str:
    return request.headers.get("idempotency-key", "")


def _json(value: Mapping[str, object]) -> Response:
    return Response(encode(value), headers=_PRIVATE, media_type=JSON)


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """What is not known is refused, never ignored: an ignored filter shows too much."""
    unknown = sorted(set(query) - set(FILTERS))
    if unknown:
        raise Refusal(_unknown_filter(unknown[0]))
    return dict(query)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(_bad_day(text)) from None


def _unknown_filter(name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "unknown-clearing-filter",
        name[:40],
        f"'{name[:40]}' is not offered: filter by {', '.join(FILTERS)}",
        f"不支持条件“{name[:40]}”:可用 {'、'.join(FILTERS)}",
    )


def _bad_day(text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-remittance-day",
        "day",
        f"'{text[:20]}' is not a day: write 2015-06-03",
        f"“{text[:20]}”不是日期:应形如 2015-06-03",
    )


def _bad_format(text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-remittance-format",
        "format",
        f"'{text[:20]}' is not offered: write {', '.join(FORMATS)}",
        f"不支持格式“{text[:20]}”:可用 {'、'.join(FORMATS)}",
    )
