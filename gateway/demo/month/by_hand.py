"""What institutions are due for the month, worked out again from their treatments as a supervisor does on paper.

The numbers are those of the area's payment file (321182-resident, 2015), written down here a second time on purpose.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gateway.demo.month.places import PLACES
from gateway.demo.month.scene import Scene, Visit
from gateway.kernel.money import Fen, text

BUDGETS = {"H32118200101": 1_200_000_00, "H32118200102": 1_200_000_00, "H32118200103": 600_000_00,
           "H32118200201": 480_000_00}  # fmt: skip
"""A year's; the second township's is its own 960 000.00 and 240 000.00 of the fourth, which it took over."""
CASE, DAY_RATE, LATER_RATE, LONG = 9_000_00, 320_00, 220_00, 30
"""Price of a rehabilitation case outside; per bed-day to the thirtieth day, and after it."""
TWENTIETH = 20
"""A twentieth of what is due is kept back as deposit."""

BUDGET, AVERAGE, DAYS, CASES, REST = (
    *("township-budget", "inpatient-average", "rehabilitation-bed-day", "rehabilitation-case"),
    "fee-for-service",
)


class Worked(NamedTuple):
    """What one agreement makes due, in fen, and how."""

    institution: str
    terms: str
    due: Fen
    arithmetic: str


def worked_out(scene: Scene) -> list[Worked]:
    """Every institution and agreement of the month."""
    budgets = [Worked(code, BUDGET, budget // 12, f"{text(budget)} / 12") for code, budget in BUDGETS.items()]
    return [*budgets, *(each for place in PLACES for each in _of_place(place, scene.settled_at(place)))]


def deposit_of(due: Fen) -> Fen:
    """Five per cent, half up."""
    return (2 * due + TWENTIETH) // (2 * TWENTIETH)


def _of_place(place: str, visits: Iterable[Visit]) -> Iterator[Worked]:
    by_terms: dict[str, list[Visit]] = {}
    for visit in visits:
        by_terms.setdefault(_terms_of(place, visit), []).append(visit)
    by_terms.pop(BUDGET, None)  # in the twelfth already, whatever it was
    for terms, listed in by_terms.items():
        due, arithmetic = {DAYS: _days, CASES: _cases}.get(terms, _as_settled)(listed)
        yield Worked(PLACES[place].code, terms, due, arithmetic)


def _terms_of(place: str, visit: Visit) -> str:
    if not visit.care.stays:
        return REST
    if place == "outside":
        return CASES if visit.care.diagnoses[0][0].startswith("I69") else REST
    return {"city": AVERAGE, "township": BUDGET, "rehabilitation": DAYS}[place]


def _as_settled(visits: Sequence[Visit]) -> tuple[Fen, str]:
    due = sum(map(fund_of, visits))
    return due, f"Σ {len(visits)} 例 cases as settled"


def _days(visits: Sequence[Visit]) -> tuple[Fen, str]:
    stays = [(visit.care.to_on - visit.care.from_on).days for visit in visits]
    early = sum(min(days, LONG) for days in stays)
    later, others = sum(stays) - early, sum(map(_others, visits))
    told = f"{early} 日 days × {text(DAY_RATE)} + {later} × {text(LATER_RATE)} - {text(others)} paid by others"
    return early * DAY_RATE + later * LATER_RATE - others, told


def _cases(visits: Sequence[Visit]) -> tuple[Fen, str]:
    others = sum(map(_others, visits))
    return len(visits) * CASE - others, f"{len(visits)} 例 cases × {text(CASE)} - {text(others)} paid by others"


def fund_of(visit: Visit) -> Fen:
    """What the funds pay of a bill."""
    return visit.outcome.final["fund-total"]


def _others(visit: Visit) -> Fen:
    return visit.outcome.final["submitted"] - fund_of(visit)
