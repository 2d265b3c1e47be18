"""`/ledger`: the agency closes periods and reads statements; what is disclosed is open to everybody."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.api.body import read_body
from gateway.datasets.books.disclosure import Audience, disclose, disclosure_values
from gateway.datasets.books.page import POLICY, disclosure_page
from gateway.datasets.books.statements import report, report_values
from gateway.exchange.closing.jobs import ClosingJobs
from gateway.exchange.closing.periods import CLOSING, closing_key
from gateway.exchange.exchange import Exchange
from gateway.fhir.json import decode, encode
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import check_operation
from gateway.security.partners import Partner

JSON = "application/json; charset=utf-8"
MOST_BYTES = 10_000


def ledger_routes(exchange: Exchange, closings: ClosingJobs) -> APIRouter:
    """The router; every refusal is an OperationOutcome."""
    router = APIRouter(prefix="/ledger", tags=["Ledger"])

    async def close(request: Request) -> Response:
        partner = _officer(exchange, request, "close-period")
        asked = _asked(await read_body(request, most=MOST_BYTES))
        begun = await asyncio.to_thread(closings.start, asked["scheme"], asked["period"], by=partner.id)
        path = f"/ledger/closings/{asked['scheme']}/{asked['period']}"
        body = {"scheme": begun.period.scheme, "period": begun.period.period, "state": str(begun.period.state)}
        return Response(encode(body), 202, {"Location": path}, JSON)

    async def closing(request: Request) -> Response:
        _officer(exchange, request, "read-books")
        return await asyncio.to_thread(_closing, request.path_params["scheme"], request.path_params["period"])

    def _closing(scheme: str, period: str) -> Response:
        found = exchange.store.dossier_of_key(CLOSING, closing_key(scheme, period))
        if found is None:
            raise Refusal(_no_closing(scheme, period))
        told = {"scheme": scheme, "period": period, "state": found.state, **decode(found.body)}
        return Response(encode(told), media_type=JSON)

    async def statements(request: Request) -> Response:
        _officer(exchange, request, "read-books")
        scheme, period = _query(request, "scheme"), _query(request, "period")
        made = await asyncio.to_thread(report, exchange.store, scheme, period)
        return Response(encode(report_values(made)), media_type=JSON)

    async def disclosure(request: Request) -> Response:
        audience = Audience.BOARD if request.query_params.get("audience") == Audience.BOARD else Audience.PUBLIC
        if audience is Audience.BOARD:
            _officer(exchange, request, "read-books")
        scheme, period = _query(request, "scheme"), _query(request, "period")
        found = await asyncio.to_thread(disclose, exchange.store, scheme, period, audience)
        if audience is Audience.PUBLIC and not found.is_final:
            raise Refusal(_not_published(scheme, period))
        if request.query_params.get("format") == "html":
            return HTMLResponse(disclosure_page(found), headers={"Content-Security-Policy": POLICY})
        return Response(encode(disclosure_values(found)), media_type=JSON)

    for method, path, endpoint, summary in (
        ("POST", "/closings", close, "Close a month or a year 结账: frozen at once, carried through behind"),
        ("GET", "/closings/{scheme}/{period}", closing, "How far a closing is"),
        ("GET", "/statements", statements, "Income and expenditure, balance sheet, months of cover of a period"),
        ("GET", "/disclosures", disclosure, "What is made public of a closed period 信息公开 (format=html for a page)"),
    ):
        router.add_api_route(path, endpoint, methods=[method], summary=summary, name=f"ledger-{method}-{path}".lower())
    return router


def _officer(exchange: Exchange, request: Request, operation: str) -> Partner:
    found = exchange.partners.bearer(request.headers.get("authorization", ""))
    if isinstance(found, Problem):
        raise Refusal(found)
    refuse_if(check_operation(found, operation))
    return found


def _asked(body: bytes) -> dict[str, str]:
    found: Any = decode(body)
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in ("scheme", "period")):
        raise Refusal(_not_a_closing())
    return found


def _query(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise Refusal(_no_parameter(name))
    return value


def _no_parameter(name: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "missing-parameter",
        name,
        f"say which {name} is meant: ?{name}=…",
        f"请在查询参数中给出 {name}",
    )


def _not_a_closing() -> Problem:
    return Problem(
        Kind.INVALID,
        "not-a-closing",
        "",
        'send a JSON object with scheme and period, such as {"scheme": "resident", "period": "2015-06"}',
        '请发送含 scheme 与 period 的 JSON,例如 {"scheme": "resident", "period": "2015-06"}',
    )


def _no_closing(scheme: str, period: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-closing",
        "period",
        f"{scheme[:30]} {period[:20]} is not being closed: POST /ledger/closings begins it",
        f"{scheme[:30]} {period[:20]} 未在结账:请先 POST /ledger/closings",
    )


def _not_published(scheme: str, period: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "not-published",
        "period",
        f"{scheme[:30]} {period[:20]} is not published: its books are not closed yet",
        f"{scheme[:30]} {period[:20]} 尚未公布:该期尚未结账",
    )
