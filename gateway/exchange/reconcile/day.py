"""The three-way match of a day: institutions, core and bank. What differs goes on the worklist.

A match reads outside the writer and records in one unit of work. Matched again on the same facts, it changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from gateway.exchange.clearing.bodies import CareType
from gateway.exchange.clearing.matching import KINDS
from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bank import match_bank
from gateway.exchange.reconcile.bodies import (
    COMPARISON,
    DAY,
    MATCHED,
    SIGNED,
    Act,
    Comparison,
    Day,
    Difference,
    Match,
    Window,
    day_key,
    encode,
)
from gateway.exchange.reconcile.bodies import read_day as read_dossier
from gateway.exchange.reconcile.compare import AMOUNT_DIFFERS, as_figures, figures_differ, lines_differ
from gateway.exchange.reconcile.core import line_of, our_figures, our_rows
from gateway.exchange.reconcile.details import cancellations_of, compared_lines, file_lines
from gateway.exchange.reconcile.requests import read_day
from gateway.exchange.reconcile.worklist import UNRESOLVED, Looked, findings_of, record_findings
from gateway.fhir.parameters import read_parameter
from gateway.kernel.ids import derived_id
from gateway.kernel.problem import Refusal
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Dossier

_PAGE = 500


def look_at_day(looking: Looking, resources: Sequence[Resource]) -> Looked:
    """Reads everything of a day. Refusal: unknown-scheme, bad-day, day-to-come."""
    scheme, day = read_scheme_day(looking, resources[0])
    store = looking.store
    comparisons = _comparisons(store, scheme, day)
    asked = [each for each in comparisons if each.file or not _is_detailed(each.window, comparisons)]
    told = [each for comparison in asked for each in _institution_differs(looking, comparison)]
    banked = match_bank(looking, scheme, day)
    differences = (*_once(told), *banked.differences)
    match = Match(
        compared={"institutions": len(comparisons), "bank": banked.compared},
        found=dict(sorted(Counter(each.what for each in differences).items())),
        silent=tuple(_silent(store, scheme, day, comparisons)),
        unstated=banked.unstated,
        digest=store.digest(scheme, from_on=day, to_on=day),
    )
    left = tuple(each.id for each in findings_of(store, day) if each.state in UNRESOLVED)
    return Looked(scheme, day, match, differences, left)


def read_scheme_day(looking: Looking | Desk, resource: Mapping[str, object]) -> tuple[str, date]:
    """The scheme and day that a request names."""
    scheme, day = read_parameter(resource, "scheme"), read_day(read_parameter(resource, "day"), "day")
    if scheme not in looking.schemes:
        raise Refusal(problems.unknown_scheme(scheme, ", ".join(sorted(looking.schemes))))
    if day > looking.today:
        raise Refusal(problems.day_to_come(day))
    return scheme, day


def _comparisons(store: Store, scheme: str, day: date) -> list[Comparison]:
    """What institutions stated of a day, the finest first: details before totals of the same care."""
    found: list[Comparison] = []
    after = None
    while page := store.dossiers(COMPARISON, period=day.isoformat(), after=after, limit=_PAGE):
        found += [msgspec.json.decode(each.body, type=Comparison) for each in page]
        after = page[-1].id
    own = [each for each in found if each.window.scheme in ("", scheme)]
    return sorted(own, key=lambda each: (not each.file, each.window.key))


def _is_detailed(window: Window, comparisons: Iterable[Comparison]) -> bool:
    """Whether details of all this care came: what its totals lack is then told line by line, and only so.

    Reading: details by 3202 name no scheme, so they are of every scheme that the institution settles in.
    """
    return any(
        each.file
        and (each.window.institution, each.window.from_on, each.window.to_on, each.window.refunds)
        == (window.institution, window.from_on, window.to_on, window.refunds)
        and each.window.care in (window.care, str(CareType.ALL))
        and each.window.scheme in ("", window.scheme)
        for each in comparisons
    )


def _institution_differs(looking: Looking, comparison: Comparison) -> Iterator[Difference]:
    """A comparison made again on the books as they are now."""
    window, store = comparison.window, looking.store
    lines = file_lines(store, comparison.file)
    if lines:
        rows = list(our_rows(store, window, looking.schemes))
        verdicts = compared_lines(store, window, looking.schemes, lines, file=comparison.file).verdicts
        ours = [line_of(row) for row in rows]
        yield from lines_differ(window.institution, verdicts, ours, cancellations_of(store, rows))
        return
    if comparison.stated is None:
        return
    ours_now = our_figures(store, window, looking.schemes)
    if figures_differ(comparison.stated, ours_now):
        names = {"care": window.care, "scheme": window.scheme}
        stated = as_figures(comparison.stated)
        yield Difference(AMOUNT_DIFFERS, window.key, window.institution, as_figures(ours_now), stated, names)


def _once(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Each settlement once, though details of all care and of one sort may both have come."""
    seen: set[tuple[str, str]] = set()
    for each in differences:
        if (each.what, each.reference) not in seen:
            seen.add((each.what, each.reference))
            yield each


def _silent(store: Store, scheme: str, day: date, comparisons: Iterable[Comparison]) -> list[str]:
    """Institutions with care on the day of which they stated nothing, or not all of its sorts."""
    stated = {(each.window.institution, each.window.care) for each in comparisons}
    found = set()
    for each in store.activity(scheme, from_on=day, to_on=day):
        window = Window(each.institution, scheme, _care_of(each.kind), day.isoformat(), day.isoformat())
        if not {(window.institution, window.care), (window.institution, str(CareType.ALL))} & stated:
            found.add(each.institution)
    return sorted(found)


def _care_of(kind: str) -> str:
    return next((str(care) for care, kinds in KINDS.items() if care is not CareType.ALL and kind in kinds), "all")


def match_day(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `match-day`: findings for what differs, and the day's dossier. Answer tree: Day{…}.

    Refusal day-signed: nothing of a signed day is matched again.
    """
    looked: Looked = desk.looked
    dossier = find_day(desk.unit, looked.scheme, looked.day)
    if dossier is not None and dossier.state == SIGNED:
        raise Refusal(problems.day_signed(looked.scheme, looked.day.isoformat()))
    record_findings(desk, looked)
    stored = put_day(desk, looked, dossier, state=dossier.state if dossier else MATCHED)
    return Result(day_tree(stored), subject=stored.id)


def find_day(unit: Unit, scheme: str, day: date) -> Dossier | None:
    """The dossier of a day, or None before its first match."""
    return unit.dossier_of_key(DAY, day_key(scheme, day.isoformat()))


def put_day(desk: Desk, looked: Looked, before: Dossier | None, *, state: str, acts: Sequence[Act] = ()) -> Dossier:
    """The day with its newest match; unchanged where nothing is new."""
    told = read_dossier(before).acts if before else ()
    day = looked.day.isoformat()
    body = encode(Day(looked.scheme, day, looked.match, (*told, *acts)))
    if before is not None and (before.state, before.body) == (state, body):
        return before
    key = day_key(looked.scheme, day)
    id = before.id if before else derived_id(desk.area, DAY, key)
    fen = sum(looked.match.found.values())
    return desk.unit.put_dossier(Dossier(DAY, id, key, state, day, "", fen, body, before.version if before else 0))


def day_tree(dossier: Dossier) -> dict[str, object]:
    """A day for an answer."""
    body = read_dossier(dossier)
    match = body.match
    return {
        "Day": {
            "id": dossier.id,
            "scheme": body.scheme,
            "day": body.day,
            "state": dossier.state,
            "compared": dict(match.compared),
            "found": dict(match.found),
            "silent": list(match.silent),
            "unstated": list(match.unstated),
            "digest": match.digest,
            "acts": [{"what": act.what, "by": act.by, "at": act.at, "why": act.why} for act in body.acts],
        }
    }
