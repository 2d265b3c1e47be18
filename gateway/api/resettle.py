"""`$resettle` of a Patient's year and of a settlement: the agency's operations, answered with Parameters."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON, STATUS
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared
from gateway.exchange.resettlement import prepare_person, prepare_settlement
from gateway.fhir.json import MAX_BYTES, decode_resource
from gateway.fhir.parameters import read_parameter
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner


def resettle_routes(exchange: Exchange) -> APIRouter:
    """The router; refusals are OperationOutcomes."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])

    async def person(request: Request) -> Response:
        partner = _partner(exchange, request)
        body = await read_body(request, most=MAX_BYTES)
        asked = decode_resource(body) if body.strip() else {}
        year = request.query_params.get("year", "") or read_parameter(asked, "year")
        return await _concluded(exchange, prepare_person(exchange, partner, request.path_params["id"], year=year))

    async def settlement(request: Request) -> Response:
        partner = _partner(exchange, request)
        body = await read_body(request, most=MAX_BYTES)
        return await _concluded(exchange, prepare_settlement(exchange, partner, request.path_params["id"], body))

    for path, endpoint, summary in (
        ("/Patient/{id}/$resettle", person, "Decide a person's year again and book the differences"),
        (
            "/ClaimResponse/{id}/$resettle",
            settlement,
            "Decide a settlement and later ones again, corrected or cancelled",
        ),
    ):
        router.add_api_route(path, endpoint, methods=["POST"], summary=summary, name=f"fhir-post-{path}".lower())
    return router


async def _concluded(exchange: Exchange, prepared: Prepared) -> Response:
    reply = await asyncio.wrap_future(exchange.conclude(prepared))
    return Response(reply.body, 200 if reply.refused is None else STATUS[reply.refused], media_type=FHIR_JSON)


def _partner(exchange: Exchange, request: Request) -> Partner:
    found = exchange.partners.bearer(request.headers.get("authorization", ""))
    if isinstance(found, Problem):
        raise Refusal(found)
    return found
