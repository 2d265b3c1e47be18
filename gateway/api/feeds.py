"""The NHSA interface on `/fsi/api/…`, and files of banks and police on `/feeds/…`."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.body import read_body
from gateway.api.errors import STATUS, refusal_response
from gateway.contract import FileAdapter, Incoming
from gateway.exchange.exchange import Exchange
from gateway.kernel.problem import Kind, Problem, Refusal

NHSA_BYTES = 4 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
FILE_TYPE, ZIP = "application/octet-stream", b"PK\x03\x04"


def feed_routes(exchange: Exchange) -> APIRouter:
    """Routes of everything that is not FHIR. NHSA answers 200 and says in infcode how it went."""
    router = APIRouter(tags=["feeds"])

    @router.post("/fsi/api/{path:path}", summary="NHSA transactions 医保接口: one JSON envelope, infno says which")
    async def nhsa(request: Request) -> Response:
        try:
            body = await read_body(request, most=NHSA_BYTES)
        except Refusal as refusal:
            return refusal_response(refusal.problems)
        reply = await asyncio.wrap_future(exchange.accept("nhsa", _incoming(request, body)))
        return Response(reply.body, media_type=_type_of(reply.body, exchange.feeds["nhsa"].content_type))

    @router.post("/feeds/{feed}", summary="A file of a bank or of the police; the answer is its report")
    async def file(request: Request) -> Response:
        try:
            feed = request.path_params["feed"]
            partner = exchange.partners.bearer(request.headers.get("authorization", ""))
            if isinstance(partner, Problem):
                raise Refusal(partner)
            known = exchange.feeds.get(feed)
            if known is None or not isinstance(known.adapter, FileAdapter):
                raise Refusal(_unknown_feed(feed))
            body = await read_body(request, most=FILE_BYTES)
        except Refusal as refusal:
            return refusal_response(refusal.problems)
        incoming = _incoming(request, body)
        reply = await asyncio.to_thread(exchange.accept_file, feed, incoming, proven=partner)
        status = 200 if reply.refused is None else STATUS[reply.refused]
        return Response(reply.body, status, media_type=known.content_type)

    return router


def _type_of(body: bytes, usual: str) -> str:
    """A file that was fetched (9102) is answered as it is, everything else as the feed says."""
    return FILE_TYPE if body.startswith(ZIP) else usual


def _incoming(request: Request, body: bytes) -> Incoming:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Incoming(body, request.url.path, headers)


def _unknown_feed(feed: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "unknown-feed",
        feed[:40],
        f"there is no feed of files named '{feed[:40]}'",
        f"没有名为“{feed[:40]}”的文件接口",
    )
