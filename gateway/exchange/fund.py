"""The agency's way to the fund's books: events as JSON, employers' levies with their rosters.

Sums of the books are read before the unit of work; where money left in between, the report is read and tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace as _with
from typing import Any

from gateway.exchange.apply.fund import FUND_EVENT, event_key, post_fund
from gateway.exchange.apply.fund_report import Report, read_report
from gateway.exchange.apply.levy import EMPLOYER_LEVY, post_levy
from gateway.exchange.apply.levy_report import LevyReport, read_levy
from gateway.exchange.apply.stations import STATIONS, Held, read_held
from gateway.exchange.desk import Desk, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared
from gateway.fhir.json import decode, encode
from gateway.fhir.outcome import write_outcome
from gateway.kernel.calendar import business_day
from gateway.kernel.problem import Problem, Refusal
from gateway.policies.read_fund import FundPlan
from gateway.security.allow import check_operation
from gateway.security.partners import Partner
from gateway.store.values import Wants

LIKELY_ENOUGH = 5
"""How often a report is tried while others take money out at the same moment."""


def plans_of(exchange: Exchange) -> dict[str, FundPlan]:
    """The fund plans of the area by scheme."""
    area = exchange.area
    return {p.policy.scheme: p.fund for p in exchange.book.policies.values() if p.policy.area == area and p.fund}


def prepare_event(exchange: Exchange, partner: Partner, body: bytes) -> Prepared:
    """One event, ready to be concluded. Refused already: what is wrong with the report, or with who sends it."""
    unread = _unread(exchange, partner, "event", body)
    allowed = check_operation(partner, "post-fund")
    if allowed:
        return _with(unread, problems=tuple(allowed))
    try:
        report = read_report(decode(body), plans_of(exchange), today=business_day(exchange.clock()))
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)
    held = read_held(exchange.store, report.scheme, limited=report.kind.limits)
    return _event(unread, report, held)


def prepare_levy(exchange: Exchange, partner: Partner, body: bytes) -> Prepared:
    """An employer's roster and payment of a quarter, ready to be concluded."""
    unread = _unread(exchange, partner, "levy", body)
    allowed = check_operation(partner, "post-levy")
    if allowed:
        return _with(unread, problems=tuple(allowed))
    try:
        levy = read_levy(decode(body), plans_of(exchange), today=business_day(exchange.clock()))
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)
    return _levy(unread, levy)


def _event(unread: Prepared, report: Report, held: Held) -> Prepared:
    def run(desk: Desk) -> Result:
        return post_fund(desk, report, held)

    wanted = ((FUND_EVENT, event_key(report.scheme, report.reference)), (STATIONS, report.scheme))
    return _with(unread, run=run, answer=_answer, wants=Wants(dossiers=wanted))


def _levy(unread: Prepared, levy: LevyReport) -> Prepared:
    def run(desk: Desk) -> Result:
        return post_levy(desk, levy)

    wanted = ((FUND_EVENT, event_key(levy.scheme, levy.reference)), (EMPLOYER_LEVY, levy.key))
    return _with(unread, run=run, answer=_answer, wants=Wants(dossiers=wanted))


def _unread(exchange: Exchange, partner: Partner, what: str, request: bytes) -> Prepared:
    return Prepared(
        id=exchange.new_id(),
        channel="fund",
        sender=partner.id,
        kind=f"fund.{what}",
        request=request,
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
    )


def _answer(tree: Mapping[str, Any]) -> bytes:
    return encode(tree["Answer"])


def _refuse(problems: Sequence[Problem]) -> bytes:
    return encode(write_outcome(problems))
