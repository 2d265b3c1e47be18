"""`/fhir/CodeSystem/$lookup` and the other operations of terminology, on types and instances, by GET and POST.

Any partner may ask; nothing here is personal, so nothing is audited but what $closure keeps. What another process
loaded is taken over within `FRESH_S` seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import FHIR_JSON, refusal_response
from gateway.api.fhir import VERSION
from gateway.exchange.exchange import Exchange
from gateway.fhir.json import MAX_BYTES, decode_resource, encode
from gateway.fhir.systems import BASE
from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner
from gateway.terminology import problems
from gateway.terminology.asked import MOST_PARAMETERS, read_call
from gateway.terminology.capabilities import write_terminology_capabilities
from gateway.terminology.closure import Closures
from gateway.terminology.offered import OPERATIONS, Operation
from gateway.terminology.operations import Call, Service
from gateway.terminology.terminology import Terminology

FRESH_S = 5
_THREADED = frozenset({"expand", "closure"})
_BROUGHT = ("valueSet", "codeSystem", "conceptMap")
"""Resources that come along: however large, they hold up nobody else."""
_READ = {"X-Content-Type-Options": "nosniff"}

Endpoint = Callable[[Request], Awaitable[Response]]


def terminology_routes(exchange: Exchange, terminology: Terminology) -> APIRouter:
    """The router; every refusal is an OperationOutcome."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4 terminology"])
    desk = Desk(exchange, terminology)
    for (type, name), operation in OPERATIONS.items():
        methods = ["POST"] if operation.changes else ["GET", "POST"]
        paths = [f"/{type}/${name}"]
        paths += [f"/{type}/{{id}}/${name}"] * operation.instance + [f"/${name}"] * operation.system
        for path in paths:
            endpoint = desk.endpoint(name, operation)
            route = f"fhir-terminology-{path}".lower()
            router.add_api_route(path, endpoint, methods=methods, summary=f"{type}: ${name}", name=route)
    return router


def capabilities_writer(exchange: Exchange, terminology: Terminology) -> Callable[[], bytes]:
    """Writes the TerminologyCapabilities of the moment, for GET metadata?mode=terminology."""
    started = instant_text(exchange.clock())

    def write() -> bytes:
        terminology.refresh()
        return encode(write_terminology_capabilities(terminology, version=VERSION, published_on=started, base=BASE))

    return write


class Desk:
    """Owns the time of the last look for what was loaded."""

    def __init__(self, exchange: Exchange, terminology: Terminology) -> None:
        self._exchange = exchange
        self._terminology = terminology
        now = lambda: instant_text(exchange.clock())  # noqa: E731
        self._service = Service(terminology, Closures(exchange.store.concepts, terminology, now), now)
        self._looked: int | None = None

    def endpoint(self, name: str, operation: Operation) -> Endpoint:
        """The endpoint of an operation."""

        async def run(request: Request) -> Response:
            try:
                partner = self._partner(request)
                await self._refresh()
                call = await _call(request, operation, partner)
                if name in _THREADED or any(each in call.asked for each in _BROUGHT):
                    made = await asyncio.to_thread(operation.run, self._service, call)
                else:
                    made = operation.run(self._service, call)
            except Refusal as refusal:
                return refusal_response(refusal.problems)
            return Response(encode(made), headers=_READ, media_type=FHIR_JSON)

        return run

    async def _refresh(self) -> None:
        now = int(monotonic())
        if self._looked is None or now - self._looked >= FRESH_S:
            self._looked = now
            await asyncio.to_thread(self._look)

    def _look(self) -> None:
        self._terminology.refresh()
        self._terminology.warm()

    def _partner(self, request: Request) -> Partner:
        found = self._exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(found, Problem):
            raise Refusal(found)
        return found


async def _call(request: Request, operation: Operation, partner: Partner) -> Call:
    try:
        pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refusal(problems.bad_value("query", f"at most {MOST_PARAMETERS} parameters")) from None
    body = await read_body(request, most=MAX_BYTES) if request.method == "POST" else b""
    resource = decode_resource(body) if body.strip() else None
    return Call(read_call(pairs, resource, operation.takes), request.path_params.get("id", ""), partner.id)
