"""A month to be closed, and what is compared of the books when it is done."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from gateway.exchange.clearances import prepare_application
from gateway.exchange.clearing.folders import APPLICATION, CLEARING, PAYMENT, STANDING
from gateway.exchange.closing.kept import ASSESSMENT, MEASURE
from gateway.exchange.closing.periods import CLOSING
from gateway.exchange.findings import FINDING
from gateway.fhir.json import encode
from gateway.kernel import money
from gateway.ledger.chain import ledger_hash
from gateway.ledger.entry import Entry
from gateway.ledger.flows import providers
from gateway.security.partners import Partner, Role
from gateway.store.migrate import migrate
from gateway.store.store import Store
from gateway.store.values import Dossier
from tests.bench.closing import exchange_of
from tests.bench.month import SCHEME, Month, fill
from tests.conftest import AREA, new_id, open_test_store, test_keyring
from tests.simulation.closing.worker import AT, MONTH

KINDS = (CLOSING, MEASURE, ASSESSMENT, CLEARING, APPLICATION, STANDING, PAYMENT, FINDING)
INSTANTS = frozenset({"at", "begun_at", "closed_at"})
AGREES, DIFFERS, ADVANCED = "H32118200001", "H32118200002", "H32118200101"
"""Institutions whose early application agrees with the books or differs from them, and one that was paid in advance."""

FIRST, LAST = date(2015, 12, 1), date(2015, 12, 31)
PAGE = 500


class Books(NamedTuple):
    """What two closings must agree in. Bodies of dossiers without their instants; `acts`: how often each was noted."""

    ledger: str
    dossiers: Mapping[str, Mapping[str, Any]]
    periods: Mapping[str, tuple[str, str]]
    acts: Mapping[str, int]


def prepare(url: str, *, settlements: int, institutions: int) -> None:
    """A month of settlements with two early applications and an advance, in an empty database."""
    migrate(url)
    fill(url, Month(settlements, institutions, AREA, test_keyring(), resources=True, first=FIRST))
    store = open_test_store(url, ready=True)
    try:
        for code, off in ((AGREES, 0), (DIFFERS, 1)):
            _apply(store, code, off=off)
        postings = providers.advanced(fund="basic", institution=ADVANCED, amount=money.of("90000.00"))
        advance = Entry(new_id(), AREA, SCHEME, FIRST, "advance", postings)
        store.submit(lambda unit: unit.post(advance)).result()
        store.seal()
    finally:
        store.close()


def _apply(store: Store, code: str, *, off: int) -> None:
    """An institution applies before the month is closed, with the figures of the books or `off` fen beside them."""
    found = store.activity(SCHEME, from_on=FIRST, to_on=LAST, institution=code)
    total, fund = sum(each.total for each in found), sum(each.fund for each in found) + off
    account = sum(each.account for each in found)
    amounts = {"total": total, "fund": fund, "account": account, "cash": total - fund - account}
    body = {
        "month": MONTH,
        "care-type": "all",
        "cases": str(sum(each.settled - each.cancelled for each in found)),
        **{name: money.text(fen) for name, fen in amounts.items()},
    }
    partner = Partner(code, Role.CLINIC, code, institution=code)
    exchange = exchange_of(store, at=AT)
    reply = exchange.conclude(prepare_application(exchange, partner, encode(body))).result()
    assert not reply.problems, reply.problems


def read_books(url: str) -> tuple[Books, list[str]]:
    """What is compared, and everything that a recount of the whole store finds wrong."""
    store = open_test_store(url, ready=True)
    try:
        wrong = [problem.code for problem in store.verify().problems]
        store.seal()
        wrong += [problem.code for problem in store.verify_ledger().problems]
        digest = ledger_hash(store.export_ledger())
        dossiers = {kind: {each.key: _facts(each) for each in _all(store, kind)} for kind in KINDS}
        periods = {each.period: (str(each.state), each.digest) for each in store.closed_periods(SCHEME)}
        acts = Counter(f"{line.action} {line.object}" for line in store.audit_lines(limit=10_000))
    finally:
        store.close()
    return Books(digest, dossiers, periods, acts), wrong


def progress(url: str) -> str:
    """Where a closing stands: 'open', 'frozen', 'measuring', 'clearing', 'month closed', 'year frozen' or 'ended'."""
    store = open_test_store(url, ready=True)
    try:
        states = [str(each.state) for each in store.closed_periods(SCHEME)]
        if "closed" in states:
            return {1: "month closed", 2: "ended" if "closing" not in states else "year frozen"}[len(states)]
        if store.dossiers(ASSESSMENT, limit=1):
            return "clearing"
        if store.dossiers(MEASURE, limit=1):
            return "measuring"
        return "frozen" if states else "open"
    finally:
        store.close()


def differences(one: Books, other: Books) -> list[str]:
    """What differs between two books, by name."""
    found = [f"{name} differs" for name in ("ledger", "periods", "acts") if getattr(one, name) != getattr(other, name)]
    for kind in KINDS:
        mine, theirs = one.dossiers[kind], other.dossiers[kind]
        found += [f"{kind} {key}" for key in sorted({*mine, *theirs}) if mine.get(key) != theirs.get(key)]
    return found


def _all(store: Store, kind: str) -> Iterator[Dossier]:
    after = None
    while page := store.dossiers(kind, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _facts(dossier: Dossier) -> tuple[Any, ...]:
    body = _timeless(msgspec.json.decode(dossier.body))
    return (dossier.id, dossier.state, dossier.period, dossier.party, dossier.fen, dossier.version, body)


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name not in INSTANTS}
    return [_timeless(one) for one in value] if isinstance(value, list) else value
