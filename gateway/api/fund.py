"""The agency's addresses of the fund's books: report an event, report an employer's levy, list the kinds of event."""

import asyncio
from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON, STATUS, refusal_response
from gateway.exchange.exchange import Exchange
from gateway.exchange.fund import LIKELY_ENOUGH, prepare_event, prepare_levy
from gateway.exchange.pipeline import Prepared, Reply
from gateway.fhir.json import MAX_BYTES, encode
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.accounts import Party
from gateway.ledger.events import EVENTS, STATIONS_OF
from gateway.security.allow import check_operation
from gateway.security.partners import Partner

JSON = "application/json; charset=utf-8"
BOOKS_MOVED = "books-moved"


def fund_routes(exchange: Exchange) -> APIRouter:
    """The router; refusals are OperationOutcomes."""
    router = APIRouter(prefix="/fund", tags=["Fund"])

    async def post_event(request: Request) -> Response:
        return await _posted(exchange, request, prepare_event)

    async def post_levy(request: Request) -> Response:
        return await _posted(exchange, request, prepare_levy)

    async def list_events(request: Request) -> Response:
        problems = check_operation(_partner(exchange, request), "post-fund")
        return refusal_response(problems) if problems else Response(_events(), media_type=JSON)

    for path, method, endpoint, summary in (
        ("/events", "POST", post_event, "Book an event of the fund, once for its reference"),
        ("/events", "GET", list_events, "The events that may be reported, and what each needs"),
        ("/levies", "POST", post_levy, "Book an employer's levy of a quarter and what it paid"),
    ):
        router.add_api_route(path, endpoint, methods=[method], summary=summary, name=f"fund-{method}-{path}".lower())
    return router


async def _posted(
    exchange: Exchange, request: Request, prepare: Callable[[Exchange, Partner, bytes], Prepared]
) -> Response:
    partner = _partner(exchange, request)
    body = await read_body(request, most=MAX_BYTES)
    for _ in range(LIKELY_ENOUGH):
        prepared = await asyncio.to_thread(prepare, exchange, partner, body)
        reply: Reply = await asyncio.wrap_future(exchange.conclude(prepared))
        if not any(problem.code == BOOKS_MOVED for problem in reply.problems):
            break
    refused = reply.refused is not None
    status = STATUS[reply.refused] if reply.refused is not None else 200
    return Response(reply.body, status, media_type=FHIR_JSON if refused else JSON)


def _events() -> bytes:
    listed = [
        {
            "event": name,
            "title": {"zh": event.zh, "en": event.en},
            "party": event.party.value or None,
            "needs": sorted(event.needs),
            "stations": [str(each) for each in STATIONS_OF.get(name, ())],
            "fund": event.only_fund or None,
        }
        for name, event in EVENTS.items()
    ]
    return encode({"events": listed, "parties": [party.value for party in Party if party]})


def _partner(exchange: Exchange, request: Request) -> Partner:
    found = exchange.partners.bearer(request.headers.get("authorization", ""))
    if isinstance(found, Problem):
        raise Refusal(found)
    return found
