"""The web application of a system."""

import asyncio
import logging

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.api.clearing import clearing_routes
from gateway.api.cursor import Cursors
from gateway.api.eob import eob_routes
from gateway.api.errors import no_route_response, refusal_response
from gateway.api.explain import explain_routes
from gateway.api.feeds import feed_routes
from gateway.api.fhir import fhir_routes
from gateway.api.fund import fund_routes
from gateway.api.guide import guide_routes
from gateway.api.ledger import ledger_routes
from gateway.api.reconcile import reconcile_routes
from gateway.api.resettle import resettle_routes
from gateway.api.terminology import capabilities_writer, terminology_routes
from gateway.api.validate import validate_routes
from gateway.exchange.pipeline import fault
from gateway.kernel.problem import Refusal
from gateway.system import ROOT, System

log = logging.getLogger("gateway.api")


def create_app(system: System) -> FastAPI:
    """FastAPI serves the routes and their documentation; bodies pass as bytes."""
    app = FastAPI(title="Medical-insurance gateway", version="0.1.0", docs_url=None, redoc_url=None)
    exchange = system.exchange
    app.include_router(terminology_routes(exchange, system.terminology))
    app.include_router(explain_routes(exchange))
    app.include_router(validate_routes(exchange))
    app.include_router(eob_routes(exchange))
    capabilities = capabilities_writer(exchange, system.terminology)
    app.include_router(fhir_routes(exchange, Cursors(system.cursor_key), capabilities))
    app.include_router(resettle_routes(exchange))
    app.include_router(ledger_routes(exchange, system.closings))
    app.include_router(feed_routes(exchange))
    app.include_router(fund_routes(exchange))
    app.include_router(clearing_routes(exchange))
    app.include_router(reconcile_routes(exchange))
    app.include_router(guide_routes(ROOT / "profiles"))

    @app.get("/healthz", summary="The process is up")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/readyz", summary="The store takes writes")
    async def readyz() -> JSONResponse:
        ready = await asyncio.to_thread(system.store.ready)
        return JSONResponse({"status": "ok" if ready else "unavailable"}, 200 if ready else 503)

    @app.exception_handler(Refusal)
    async def refused(_request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return refusal_response(refusal.problems)

    @app.exception_handler(HTTPException)
    async def not_routed(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return no_route_response(error.status_code, request.url.path, error.headers)

    @app.exception_handler(Exception)
    async def failed(_request: Request, error: Exception) -> Response:
        reference = exchange.new_id()
        log.error("fault %s", reference, exc_info=error)
        return refusal_response([fault(reference)])

    return app
