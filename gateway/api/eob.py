"""`ClaimResponse/{id}/$eob`: a settlement as CARIN Blue Button shows it, with what the conversion loses beside it.

The answer is Parameters: `return`, the ExplanationOfBenefit, and `outcome`, an OperationOutcome that names every loss.
Whoever may read the ClaimResponse may have it shown; the reading is audited as such.
"""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.errors import FHIR_JSON
from gateway.exchange import rest
from gateway.exchange.exchange import Exchange
from gateway.fhir.eob import write_eob
from gateway.fhir.json import encode, read_stored
from gateway.fhir.losses import write_losses
from gateway.fhir.parts import referred
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner


def eob_routes(exchange: Exchange) -> APIRouter:
    """The router; refusals are raised."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])

    async def eob(request: Request) -> Response:
        partner = exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(partner, Problem):
            raise Refusal(partner)
        return await asyncio.to_thread(_answer, exchange, partner, request.path_params["id"])

    path = "/ClaimResponse/{id}/$eob"
    router.add_api_route(
        path, eob, methods=["GET", "POST"], summary="As an ExplanationOfBenefit of CARIN", name="fhir-eob"
    )
    return router


def _answer(exchange: Exchange, partner: Partner, id: str) -> Response:
    stored = rest.read(exchange, partner, "ClaimResponse", id).result()
    if stored is None:
        raise Refusal(rest.not_found("ClaimResponse", id))
    response = read_stored(stored.body, id=stored.id)
    claim = rest.read(exchange, partner, "Claim", referred(response["request"], "Claim")).result()
    assert claim is not None, "a settlement has its claim, and who may read the one may read the other"
    eob, losses = write_eob(response, read_stored(claim.body, id=claim.id), updated_at=stored.updated_at)
    parts = [{"name": "return", "resource": eob}, {"name": "outcome", "resource": write_losses(losses)}]
    return Response(encode({"resourceType": "Parameters", "parameter": parts}), media_type=FHIR_JSON)
