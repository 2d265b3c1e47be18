"""The worklist of a day: findings noted, opened again when their figures change, and closed when they are gone."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from gateway.exchange.desk import Desk
from gateway.exchange.findings import FINDING, OPEN, RESOLVED, Finding, Step, note_finding, read_finding
from gateway.exchange.reconcile import bank
from gateway.exchange.reconcile.bodies import Difference, Match
from gateway.exchange.reconcile.compare import (
    AMOUNT_DIFFERS,
    ONLY_CORE,
    ONLY_INSTITUTION,
    REVERSED_HERE,
    REVERSED_THERE,
)
from gateway.kernel.calendar import instant_text
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Dossier

WRITE_OFF_ASKED = "write-off-asked"
UNRESOLVED = frozenset({OPEN, WRITE_OFF_ASKED})
"""States of a finding that keep its day from being signed off."""

TITLES: Mapping[str, tuple[str, str]] = {
    ONLY_INSTITUTION: ("the institution has it, the core does not", "机构有,中心无"),
    ONLY_CORE: ("the core has it, the institution does not", "中心有,机构无"),
    AMOUNT_DIFFERS: ("the amounts differ", "双方金额不一致"),
    REVERSED_HERE: ("cancelled in the core, not at the institution", "中心已撤销,机构未撤销"),
    REVERSED_THERE: ("refunded at the institution, not cancelled in the core", "机构已退费,中心未撤销"),
    bank.BANK_ONLY: ("the bank booked it, the books did not", "银行已记账,账簿未记"),
    bank.LEDGER_ONLY: ("the books have it, the bank does not", "账簿已记,银行未记账"),
    bank.AMOUNT_DIFFERS: ("the bank's amount differs from the books'", "银行与账簿金额不一致"),
}
"""The classes of difference that a match finds; findings of other classes are none of its business."""
_PAGE = 500


class Looked(NamedTuple):
    """What a match found. `left`: ids of the findings of the day that were not resolved when it looked."""

    scheme: str
    day: date
    match: Match
    differences: tuple[Difference, ...]
    left: tuple[str, ...]


def record_findings(desk: Desk, looked: Looked) -> None:
    """Notes every difference, opens again those whose figures changed, and closes those that are gone."""
    unit, now = desk.unit, instant_text(desk.now)
    wanted = {each.key: each for difference in looked.differences for each in [_finding(looked, difference)]}
    for key, finding in wanted.items():
        before = unit.dossier_of_key(FINDING, key)
        if before is None:
            note_finding(unit, finding, fen=_size(finding))
            continue
        known = read_finding(before)
        if (known.ours, known.theirs) != (finding.ours, finding.theirs):
            steps = (*known.steps, Step("changed", desk.partner.id, now))
            put_finding(unit, before, msgspec.structs.replace(finding, steps=steps), state=OPEN)
    for id in looked.left:
        dossier = unit.dossier(FINDING, id)
        if dossier is None or dossier.key in wanted or dossier.state not in UNRESOLVED:
            continue
        known = read_finding(dossier)
        if known.what in TITLES and known.scheme == looked.scheme:
            steps = (*known.steps, Step("gone", desk.partner.id, now))
            put_finding(unit, dossier, msgspec.structs.replace(known, steps=steps), state=RESOLVED)


def put_finding(unit: Unit, before: Dossier, body: Finding, *, state: str) -> Dossier:
    """A finding's next version."""
    bytes_ = msgspec.json.encode(body, order="deterministic")
    fen = _size(body)
    return unit.put_dossier(
        Dossier(FINDING, before.id, before.key, state, before.period, before.party, fen, bytes_, before.version)
    )


def _finding(looked: Looked, difference: Difference) -> Finding:
    en, zh = TITLES[difference.what]
    about = f"{difference.institution or difference.names.get('account', '')} {difference.reference}".strip()
    return Finding(
        looked.day.isoformat(),
        difference.what,
        difference.reference,
        f"{about}: {en}",
        f"{about}:{zh}",
        looked.scheme,
        difference.institution,
        dict(difference.ours),
        dict(difference.theirs),
        dict(difference.names),
    )


def _size(finding: Finding) -> int:
    """What is at stake in fen: the fund's part of a settlement, the amount of an entry."""
    sides = [side.get("fen", side.get("fund", 0)) for side in (finding.ours, finding.theirs)]
    return abs(sides[0] - sides[1])


def findings_of(store: Store, day: date, *, state: str | None = None) -> list[Dossier]:
    """Every finding of a day, whoever noted it."""
    found: list[Dossier] = []
    after = None
    while page := store.dossiers(FINDING, state=state, period=day.isoformat(), after=after, limit=_PAGE):
        found += page
        after = page[-1].id
    return found


def unresolved(unit: Unit, looked: Looked) -> list[Dossier]:
    """The findings of a scheme's day that nobody resolved or carried over, as they stand in this unit of work."""
    keys = {_finding(looked, each).key for each in looked.differences}
    found = {each.id: each for key in keys if (each := unit.dossier_of_key(FINDING, key)) is not None}
    found |= {id: each for id in looked.left if (each := unit.dossier(FINDING, id)) is not None}
    own = [each for each in found.values() if read_finding(each).scheme in ("", looked.scheme)]
    return sorted((each for each in own if each.state in UNRESOLVED), key=lambda each: each.key)
