"""Day sign-off 日终签结: frozen first, matched once more, closed for ever when nothing is left open.

Freezing comes before the last match, so that nothing is booked on the day behind its back: what happens from then on is
booked on the next open day. Findings that the last match still brings keep the day frozen until an officer has dealt
with them; signing it off again goes on from there.

Reading: days are signed in their order. A day that was never matched stands in nobody's way: nothing was asked of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.findings import read_finding
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import DAY, FROZEN, MATCHED, SIGNED, Act
from gateway.exchange.reconcile.bodies import read_day as read_dossier
from gateway.exchange.reconcile.day import day_tree, find_day, look_at_day, put_day, read_scheme_day
from gateway.exchange.reconcile.worklist import UNRESOLVED, Looked, findings_of, record_findings, unresolved
from gateway.fhir.parameters import read_parameter
from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Refusal
from gateway.store.store import Store
from gateway.store.values import ClosedPeriod, PeriodState

LONGEST_WHY = 500
_PAGE = 500


class Before(NamedTuple):
    """What may stand in the way of a day: its open findings, and an earlier day that was not signed off."""

    scheme: str
    day: str
    left: int
    earlier: str


def look_before(looking: Looking, resources: Sequence[Resource]) -> Before:
    """What stands in the way of freezing a day."""
    scheme, day = read_scheme_day(looking, resources[0])
    found = [each for each in findings_of(looking.store, day) if each.state in UNRESOLVED]
    own = [each for each in found if read_finding(each).scheme in ("", scheme)]
    return Before(scheme, day.isoformat(), len(own), _earlier(looking.store, scheme, day.isoformat()))


def _earlier(store: Store, scheme: str, day: str) -> str:
    """The first day before this one that was matched and not signed off, or ''."""
    found = []
    for state in (MATCHED, FROZEN):
        after = None
        while page := store.dossiers(DAY, state=state, after=after, limit=_PAGE):
            found += [each.period for each in page if each.period < day and read_dossier(each).scheme == scheme]
            after = page[-1].id
    return min(found, default="")


def freeze_day(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `freeze-day`: from here on nothing is booked on the day. Frozen or signed already: the same answer.

    Refusal: day-not-matched, findings-open, earlier-day-open, why-too-long.
    """
    before: Before = desk.looked
    scheme, day = read_scheme_day(desk, resources[0])
    dossier = find_day(desk.unit, scheme, day)
    if dossier is None:
        raise Refusal(problems.day_not_matched(scheme, before.day))
    if dossier.state in (FROZEN, SIGNED):
        return Result(day_tree(dossier), subject=dossier.id)
    found = []
    if before.left:
        found.append(problems.findings_open(before.left, before.day))
    if before.earlier:
        found.append(problems.earlier_day_open(before.earlier))
    if len(read_parameter(resources[0], "why")) > LONGEST_WHY:
        found.append(problems.why_too_long(LONGEST_WHY))
    if found:
        raise Refusal(found)

    body = read_dossier(dossier)
    looked = Looked(scheme, day, body.match, (), ())
    desk.unit.close(_period(desk, looked, PeriodState.CLOSING, digest=""))
    return Result(day_tree(put_day(desk, looked, dossier, state=FROZEN, acts=[_act(desk, "frozen", "")])), dossier.id)


def look_at_frozen(looking: Looking, resources: Sequence[Resource]) -> Looked:
    """The last match of a day, on books that no longer change."""
    return look_at_day(looking, resources)


def sign_day(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `sign-off-day`, after `freeze-day`: closes the day, or leaves it frozen with what is still open.

    Answer tree: Day{…, state signed-off or frozen}, Open: how many findings stand in the way.
    """
    looked: Looked = desk.looked
    dossier = find_day(desk.unit, looked.scheme, looked.day)
    if dossier is None:
        raise Refusal(problems.day_not_matched(looked.scheme, looked.day.isoformat()))
    if dossier.state == SIGNED:
        return Result({**day_tree(dossier), "Open": 0}, subject=dossier.id)
    assert dossier.state == FROZEN, "a day is signed off after it was frozen"
    record_findings(desk, looked)
    left = unresolved(desk.unit, looked)
    if left:
        stored = put_day(desk, looked, dossier, state=FROZEN)
        return Result({**day_tree(stored), "Open": len(left)}, subject=stored.id)

    desk.unit.close(_period(desk, looked, PeriodState.CLOSED, digest=looked.match.digest))
    signed = _act(desk, SIGNED, read_parameter(resources[0], "why"))
    stored = put_day(desk, looked, dossier, state=SIGNED, acts=[signed])
    return Result({**day_tree(stored), "Open": 0}, subject=stored.id)


def _period(desk: Desk, looked: Looked, state: PeriodState, *, digest: str) -> ClosedPeriod:
    return ClosedPeriod(looked.scheme, looked.day.isoformat(), state, desk.now, desk.partner.id, digest)


def _act(desk: Desk, what: str, why: str) -> Act:
    return Act(what, desk.partner.id, instant_text(desk.now), why)
