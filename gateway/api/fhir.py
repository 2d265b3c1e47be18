"""`/fhir`: metadata, read, vread, search, create, update and Claim/$submit. Hot routes take and give bytes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeAlias

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.cursor import Cursors
from gateway.api.errors import FHIR_JSON, STATUS, refusal_response
from gateway.exchange import rest
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Reply
from gateway.exchange.submit import prepare_submit
from gateway.fhir.bundle import write_searchset
from gateway.fhir.capability import INTERACTIONS, write_capability
from gateway.fhir.json import MAX_BYTES, encode, splice
from gateway.fhir.search import link, parse_search
from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.security.partners import Partner
from gateway.store.values import Stored

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
VERSION = version("medical-insurance-gateway")
TYPES = tuple(INTERACTIONS)


def fhir_routes(exchange: Exchange, cursors: Cursors, terminology: Callable[[], bytes] | None = None) -> APIRouter:
    """The router; every refusal is an OperationOutcome. `terminology`: writes the TerminologyCapabilities."""
    router = APIRouter(prefix="/fhir", tags=["FHIR R4"])
    service = Service(exchange, cursors, _capability(exchange), terminology)
    for method, path, endpoint, summary in (
        ("GET", "/metadata", service.metadata, "CapabilityStatement"),
        ("POST", "/Claim/$submit", service.submit, "Settle a claim (or try it: use = predetermination)"),
        ("GET", "/{type}", service.search, "Search"),
        ("POST", "/{type}", service.create, "Create"),
        ("GET", "/{type}/{id}", service.read, "Read"),
        ("PUT", "/{type}/{id}", service.update, "Update; If-Match guards against lost updates"),
        ("GET", "/{type}/{id}/_history/{version}", service.read, "Read a version"),
    ):
        name = f"fhir-{method}-{path}".lower()
        router.add_api_route(path, _refusing(endpoint), methods=[method], summary=summary, name=name)
    return router


@dataclass(frozen=True, slots=True)
class Service:
    """The interactions, each from a request to its response. Raises Refusal."""

    exchange: Exchange
    cursors: Cursors
    capability: bytes
    terminology: Callable[[], bytes] | None = None

    async def metadata(self, request: Request) -> Response:
        if self.terminology is not None and request.query_params.get("mode") == "terminology":
            return Response(await asyncio.to_thread(self.terminology), media_type=FHIR_JSON)
        return Response(self.capability, media_type=FHIR_JSON)

    async def submit(self, request: Request) -> Response:
        partner = self._partner(request)
        body = await read_body(request, most=MAX_BYTES)
        key = request.headers.get("idempotency-key", "")
        prepared = prepare_submit(self.exchange, partner, body, idempotency_key=key)
        return _replied(await asyncio.wrap_future(self.exchange.conclude(prepared)), ok=200)

    async def read(self, request: Request) -> Response:
        partner = self._partner(request)
        type, id = _known(request.path_params["type"]), request.path_params["id"]
        named = request.path_params.get("version")
        number = None if named is None else _version_number(named)
        noted = await asyncio.to_thread(rest.read, self.exchange, partner, type, id, number)
        stored = await asyncio.wrap_future(noted)
        if stored is None:
            raise Refusal(rest.not_found(type, id))
        return _served(stored, request)

    async def search(self, request: Request) -> Response:
        partner = self._partner(request)
        query = parse_search(_known(request.path_params["type"]), request.url.query)
        after = self.cursors.open(query) if query.after else ""
        noted = await asyncio.to_thread(rest.search, self.exchange, partner, query, after=after)
        page = await asyncio.wrap_future(noted)
        body = write_searchset(
            page.found,
            total=page.total,
            self_link=link(query, after=query.after),
            next_link=link(query, after=self.cursors.seal(query, page.next)) if page.next else "",
            base=f"{request.base_url}fhir",
        )
        return Response(body, media_type=FHIR_JSON)

    async def create(self, request: Request) -> Response:
        partner = self._partner(request)
        type = _known(request.path_params["type"])
        body = await read_body(request, most=MAX_BYTES)
        prepared = rest.prepare_write(self.exchange, partner, type, body)
        reply = await asyncio.wrap_future(self.exchange.conclude(prepared))
        response = _replied(reply, ok=201)
        if reply.refused is None:
            response.headers["Location"] = f"{request.base_url}fhir/{reply.subject}/_history/1"
        return response

    async def update(self, request: Request) -> Response:
        partner = self._partner(request)
        type, id = _known(request.path_params["type"]), request.path_params["id"]
        expected = _expected_version(request.headers.get("if-match", ""))
        body = await read_body(request, most=MAX_BYTES)
        prepared = rest.prepare_write(self.exchange, partner, type, body, id=id, expected_version=expected)
        return _replied(await asyncio.wrap_future(self.exchange.conclude(prepared)), ok=200)

    def _partner(self, request: Request) -> Partner:
        found = self.exchange.partners.bearer(request.headers.get("authorization", ""))
        if isinstance(found, Problem):
            raise Refusal(found)
        return found


def _capability(exchange: Exchange) -> bytes:
    return encode(write_capability(version=VERSION, published_on=instant_text(exchange.clock())))


def _refusing(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its refusals answered as OperationOutcomes."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as refusal:
            return refusal_response(refusal.problems)

    return guarded


def _replied(reply: Reply, *, ok: int) -> Response:
    status = ok if reply.refused is None else STATUS[reply.refused]
    return Response(reply.body, status, media_type=FHIR_JSON)


def _served(stored: Stored, request: Request) -> Response:
    etag = f'W/"{stored.version}"'
    headers = {"ETag": etag, "Last-Modified": stored.updated_at.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    body = splice(stored.body, id=stored.id, version=stored.version, updated_at=stored.updated_at)
    return Response(body, headers=headers, media_type=FHIR_JSON)


def _known(type: str) -> str:
    if type in TYPES:
        return type
    raise Refusal(
        Problem(
            Kind.NOT_FOUND,
            "unknown-type",
            type[:64],
            f"'{type[:64]}' is not offered here: {', '.join(TYPES)} are",
            f"不提供资源类型“{type[:64]}”:可用的有 {'、'.join(TYPES)}",
        )
    )


def _expected_version(if_match: str) -> int | None:
    return _version_number(if_match.removeprefix("W/").strip('"')) if if_match else None


def _version_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Refusal(_bad_version(text))


def _bad_version(text: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-version",
        "",
        f"'{text[:20]}' is not a version: send a whole number, in If-Match as W/\"3\"",
        f'“{text[:20]}”不是版本号:应为整数,If-Match 形如 W/"3"',
    )
