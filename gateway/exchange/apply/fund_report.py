"""The report of an event of the fund, read from JSON and checked against the area's fund plan.

{"event": "subsidy-received", "scheme": "resident", "fund": "basic", "amount": "430.00", "day": "2015-03-20",
 "party": "government", "reference": "CZ-2015-001", "note": "…", "station": "fiscal-account"}
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from gateway.exchange.apply import fund_words as words
from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.accounts import CHART, Account
from gateway.ledger.events import EVENTS, STATIONS_OF, Event, Terms, Told
from gateway.policies.read_fund import FundPlan

REQUIRED = ("event", "scheme", "fund", "amount", "day", "reference")
OPTIONAL = ("party", "to_fund", "to_party", "station", "note")
REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/\-]{0,63}", re.ASCII)
LONGEST_NOTE = 200

_sorted = msgspec.json.Encoder(decimal_format="string", order="sorted")


@dataclass(frozen=True, slots=True)
class Report:
    """A report whose members are in order; its parties are still as they were sent.

    `content`: hash of what was sent, which makes a repeat a repeat whatever the policy says by then.
    """

    event: str
    scheme: str
    told: Told
    day: date
    reference: str
    note: str
    content: str

    @property
    def kind(self) -> Event:
        return EVENTS[self.event]


def read_report(stated: Any, plans: Mapping[str, FundPlan], *, today: date) -> Report:
    """The report. Refusal with every problem of its members. `plans`: by scheme."""
    found: list[Problem] = []
    if not isinstance(stated, dict):
        raise Refusal(words.malformed_report("", "one JSON object", "一个 JSON 对象"))
    found += _check_members(stated)
    name, scheme = _text(stated, "event"), _text(stated, "scheme")
    event, plan = EVENTS.get(name), plans.get(scheme)
    if "event" in stated and event is None:
        found.append(words.unknown_event(name, EVENTS))
    if "scheme" in stated and plan is None:
        found.append(words.unknown_scheme(scheme, plans))
    amount = read_amount(stated.get("amount"), found) if "amount" in stated else 0
    day = read_day(stated.get("day"), found, today=today) if "day" in stated else today
    reference, note = read_reference(stated, found), _text(stated, "note")
    if len(note) > LONGEST_NOTE or not note.isprintable():
        found.append(
            words.malformed_report("note", f"at most {LONGEST_NOTE} characters", f"至多 {LONGEST_NOTE} 字的说明")
        )
    told = Told(
        fund=_text(stated, "fund"),
        amount=amount,
        party=_text(stated, "party"),
        to_fund=_text(stated, "to_fund"),
        to_party=_text(stated, "to_party"),
        station=_station(stated, event, found),
    )
    if event is not None and plan is not None:
        found += _check_needs(stated, event)
        found += _check_funds(told, event, plan)
        told = _with_terms(told, event, plan, day, found)
        if not found:
            found += _check_chart(event, told, plan)
    if found:
        raise Refusal(found)
    return Report(name, scheme, told, day, reference, note, content_of({**stated, "amount": amount}))


def content_of(stated: Mapping[str, Any]) -> str:
    """The hash of a report's members, in whatever order they were sent."""
    return hashlib.sha256(_sorted.encode(stated)).hexdigest()


def read_amount(stated: Any, found: list[Problem], *, path: str = "amount", zero: bool = False) -> Fen:
    """An amount in yuan, text or number, above zero (`zero`: or nothing)."""
    try:
        fen = money.of(stated) if isinstance(stated, str | int | Decimal) and not isinstance(stated, bool) else -1
    except ValueError:
        fen = -1
    if fen < 0 or (fen == 0 and not zero):
        en = 'an amount in yuan above zero with at most two decimals, such as "12.34"'
        found.append(words.malformed_report(path, en, '大于零、至多两位小数的金额(元),如 "12.34"'))
    return max(fen, 0)


def read_day(stated: Any, found: list[Problem], *, today: date, path: str = "day") -> date:
    """A day that is not in the future."""
    try:
        day = parse_day(stated) if isinstance(stated, str) else date.max
    except ValueError:
        day = date.max
    if day > today:
        en, zh = f"a day YYYY-MM-DD up to today ({today})", f"不晚于今天({today})的日期 YYYY-MM-DD"
        found.append(words.malformed_report(path, en, zh))
        return today
    return day


def read_reference(stated: Mapping[str, Any], found: list[Problem]) -> str:
    """The number of the voucher: what makes a second report the same one."""
    reference = _text(stated, "reference")
    if "reference" in stated and not REFERENCE.fullmatch(reference):
        en = "the number of the voucher: letters, digits and ._/- , at most 64"
        found.append(words.malformed_report("reference", en, "凭证号:字母、数字和 ._/- ,至多 64 位"))
    return reference


def _check_members(stated: Mapping[str, Any]) -> list[Problem]:
    known = (*REQUIRED, *OPTIONAL)
    found = [
        words.malformed_report(name, f"'{name}', it is missing", f"“{name}”,目前缺少")
        for name in REQUIRED
        if name not in stated
    ]
    for name in stated:
        if name not in known:
            listed = ", ".join(known)
            found.append(words.malformed_report(name[:40], f"only {listed}", f"且仅提供 {listed}"))
        elif name != "amount" and not isinstance(stated[name], str):
            found.append(words.malformed_report(name, "a text", "文字"))
    return found


def _check_needs(stated: Mapping[str, Any], event: Event) -> list[Problem]:
    needed = set(event.needs) | ({"party"} if event.party else set())
    optional = {"party", "to_fund", "to_party", "station"}
    missing = [words.malformed_report(n, f"'{n}' for this event", f"本事项所需的“{n}”") for n in needed - stated.keys()]
    surplus = sorted((optional & stated.keys()) - needed)
    return sorted(missing, key=lambda problem: problem.path) + [
        words.malformed_report(name, f"no '{name}' for this event", f"本事项不需要的“{name}”以外的内容")
        for name in surplus
    ]


def _check_funds(told: Told, event: Event, plan: FundPlan) -> list[Problem]:
    known = [event.only_fund] if event.only_fund in plan.funds else [] if event.only_fund else list(plan.funds)
    found = [] if told.fund in known else [words.unknown_fund("fund", told.fund, known)]
    if "to_fund" in event.needs and (told.to_fund not in plan.funds or told.to_fund == told.fund):
        found.append(words.unknown_fund("to_fund", told.to_fund, set(plan.funds) - {told.fund}))
    return found


def _with_terms(told: Told, event: Event, plan: FundPlan, day: date, found: list[Problem]) -> Told:
    """What the policy adds to what was told."""
    subsidy, centres = plan.subsidy_on(day), plan.centres_on(day)
    match event.terms:
        case Terms.SUBSIDY if subsidy is not None:
            return told._replace(parts=subsidy.parts)
        case Terms.RUNNING if centres is not None:
            return told._replace(parts=centres.running)
        case Terms.PREVENTION if centres is not None:
            return told._replace(parts=centres.prevention)
        case Terms.FINE if (times := plan.fine_on(day)) is not None:
            return told._replace(times=times)
        case Terms.FEE if plan.fee_on(told.fund, day) is not None:
            return told
        case None:
            return told
    found.append(words.no_terms(str(event.terms), told.fund[:40]))
    return told


def _check_chart(event: Event, told: Told, plan: FundPlan) -> list[Problem]:
    accounts = {posting.account for posting in event.books(told)} - plan.accounts
    return [words.account_not_kept(account, CHART[account].zh) for account in sorted(accounts)]


def _station(stated: Mapping[str, Any], event: Event | None, found: list[Problem]) -> Account:
    said = _text(stated, "station")
    options = STATIONS_OF.get(_text(stated, "event"), ())
    if "station" not in stated or event is None or "station" not in event.needs:
        return Account.FISCAL_ACCOUNT
    if said not in options:
        listed = ", ".join(options)
        found.append(words.malformed_report("station", f"one of {listed}", f"{listed} 之一"))
        return Account.FISCAL_ACCOUNT
    return Account(said)


def _text(stated: Mapping[str, Any], name: str) -> str:
    value = stated.get(name, "")
    return value if isinstance(value, str) else ""
