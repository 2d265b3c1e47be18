"""The community settlement centre 结算中心 (M18): what two levels of government pay, and what an appraisal makes
of it.

Source: seed 001, part 9: annexe 1 (收支两条线管理办法) for the split, the quarters and old deficits; annexe 3
(综合考核评估方案) for the weights. Figures are data of the policy (`CentreTerms`).

Assumptions, where the text is silent: - 评估结果与政府投入挂钩 has no formula: a share of the running subsidy
(`appraised`) waits for the appraisal, and as much of it is paid as the score has of a hundred; the rest joins the
district's pooled money; - pooled money 全区统筹 goes to centres in proportion to their approved gap times their
score, by largest remainder, ties by the centre's code; - a centre whose income reaches its approved expenditure
has no gap and gets no running subsidy; - an old deficit is written down in equal parts, the remainder of a fen in
the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen, Rate
from gateway.ledger.accounts import Account
from gateway.ledger.flows.centres import FUNDS
from gateway.ledger.parts import split
from gateway.ledger.statements import Balances

Points: TypeAlias = int
"""Hundredths of a point: 87.5 points are 8750. A full mark is 10 000."""

FULL: Points = 10_000


@dataclass(frozen=True, slots=True)
class CentreTerms:
    """`weights`: of each part of the appraisal, together 100. `running`, `prevention`: parts by level of government.

    `pooled`: share of the first level's running money for all centres together; `appraised`: share of the running
    subsidy that waits for the appraisal; `deficit_years`: in which an old deficit is written down.
    """

    weights: Mapping[str, int]
    running: Mapping[str, int]
    prevention: Mapping[str, int]
    pooled: Rate
    appraised: Rate
    deficit_years: int


class Subsidy(NamedTuple):
    """A centre's yearly money from government, in fen. `pooled`: taken out of the district's running part."""

    gap: Fen
    running: Mapping[str, Fen]
    prevention: Mapping[str, Fen]
    pooled: Fen
    waits: Fen

    @property
    def assured(self) -> Fen:
        """What the centre gets whatever its appraisal says: running money less pooled and waiting, and prevention."""
        return sum(self.running.values()) - self.pooled - self.waits + sum(self.prevention.values())


class Appraised(NamedTuple):
    """What the appraisal gives a centre: its score, what it gets of the waiting part, and of the pooled money."""

    score: Points
    earned: Fen
    pooled: Fen


def subsidy_of(terms: CentreTerms, *, income: Fen, expenditure: Fen, prevention: Fen) -> Subsidy:
    """The year's subsidy of a centre with approved income, approved expenditure and prevention money (fen)."""
    gap = max(0, expenditure - income)
    running = split(gap, terms.running)
    first = next(iter(terms.running))
    pooled = money.share(running[first], terms.pooled)
    waits = money.share(gap - pooled, terms.appraised)
    return Subsidy(gap, running, split(prevention, terms.prevention), pooled, waits)


def score_of(terms: CentreTerms, marks: Mapping[str, Points]) -> Points:
    """The weighted mark, rounded half up. Every part is marked, none above a full mark."""
    assert marks.keys() == terms.weights.keys(), "every part of the appraisal is marked once"
    assert all(0 <= mark <= FULL for mark in marks.values()), "a mark lies between nothing and full"
    whole = sum(terms.weights.values())
    return (2 * sum(mark * terms.weights[part] for part, mark in marks.items()) + whole) // (2 * whole)


def appraise(subsidies: Mapping[str, Subsidy], scores: Mapping[str, Points]) -> dict[str, Appraised]:
    """What each centre gets when all are appraised: its own waiting part by score, and its share of pooled money.

    Pooled money is what was taken out of the district's part, and what the scores left of the waiting parts.
    """
    earned = {
        centre: money.portion(subsidy.waits, scores[centre], FULL) for centre, subsidy in sorted(subsidies.items())
    }
    pool = sum(each.pooled + each.waits for each in subsidies.values()) - sum(earned.values())
    weight = {centre: subsidies[centre].gap * scores[centre] for centre in earned}
    shares = _by_largest_remainder(pool, weight)
    return {centre: Appraised(scores[centre], earned[centre], shares[centre]) for centre in earned}


def write_down(deficit: Fen, terms: CentreTerms) -> tuple[Fen, ...]:
    """What of an old deficit is written down each year."""
    years = terms.deficit_years
    each = deficit // years
    return (*(each for _ in range(years - 1)), deficit - each * (years - 1))


class Reported(NamedTuple):
    """A line of the monthly report: one fund of one centre, in fen."""

    fund: str
    centre: str
    paid_in: Fen
    paid_out: Fen
    deficit_left: Fen


def monthly_report(period: Mapping[str, Balances], day: Mapping[str, Balances]) -> tuple[Reported, ...]:
    """月报: what each centre paid in and was paid, basic care and public health apart, and its old deficit.

    `period`: by centre, net postings of the month by fund and account; `day`: by centre, balances after its last day.
    """
    lines = []
    for centre in sorted(period.keys() | day.keys()):
        moved, left = period.get(centre, {}), day.get(centre, {})
        for fund in FUNDS:
            figures = (
                -moved.get((fund, Account.CENTRE_INCOME), 0),
                moved.get((fund, Account.CENTRE_EXPENSE), 0),
                left.get((fund, Account.DEFICIT_TO_COVER), 0),
            )
            if any(figures):
                lines.append(Reported(fund, centre, *figures))
    return tuple(lines)


def _by_largest_remainder(amount: Fen, weights: Mapping[str, int]) -> dict[str, Fen]:
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    floors = {name: amount * weight // whole for name, weight in weights.items()}
    left = amount - sum(floors.values())
    by_remainder = sorted(weights, key=lambda name: (-(amount * weights[name] % whole), name))
    return {name: floors[name] + (name in by_remainder[:left]) for name in weights}


assert RATE_ONE == FULL, "scores and rates have the same scale"
