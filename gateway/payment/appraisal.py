"""Appraisal 考核: indicators with weights make a score, the score a factor on savings and on the deposit's return.

Reading: an indicator that nobody has stated and no measure gives takes nothing off (考核未列者不扣分).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Rate
from gateway.payment.figure import RATIO, Figure, figure, weight_text
from gateway.payment.measure import CASES, DAYS, FUND, TOTAL, Measure, sum_of
from gateway.payment.stated import Stated
from gateway.payment.terms import Scope
from gateway.settlement.rule import Rule, Wording

AT_LEAST, AT_MOST = "at_least", "at_most"
MEASURED = ("cases", "days", "total_per_case", "fund_per_case", "total_per_day", "fund_per_day")
"""What measures give: net cases and days, yuan a case and a day. Weights, targets and values are ten-thousandths."""


class Indicator(NamedTuple):
    """`target` in ten-thousandths, None where each institution's is stated; `measured`: one of MEASURED, or '';
    `terms`: whose measures, empty for all.
    """

    id: str
    title: Wording
    weight: Rate
    wants: str
    target: int | None
    measured: str = ""
    terms: frozenset[str] = frozenset()


class Step(NamedTuple):
    """From a score on (inclusive), a ratio."""

    from_score: Rate
    ratio: Rate


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Indicators whose weights add up to one, and what a score is worth: `factors` rising, the first from 0."""

    indicators: tuple[Indicator, ...]
    factors: tuple[Step, ...]
    scope: Scope
    rule: Rule


@dataclass(frozen=True, slots=True)
class Appraised:
    """An institution's score and factor, ten-thousandths."""

    score: Rate
    factor: Rate
    figures: tuple[Figure, ...] = ()


UNAPPRAISED = Appraised(RATE_ONE, RATE_ONE)
_TITLE_SCORE = Wording("考核得分", "appraisal score")
_TITLE_FACTOR = Wording("考核系数", "appraisal factor")


def ratio_at(steps: Iterable[Step], score: Rate) -> Rate:
    """The ratio of the highest step that the score reaches."""
    return max((step for step in steps if step.from_score <= score), key=lambda step: step.from_score).ratio


def appraise(appraisal: Appraisal, measures: tuple[Measure, ...], stated: Stated) -> Appraised:
    """The score of an institution for a year: Σ weight × degree, each rounded half up.

    Degree: 1 when the target is reached, else actual ÷ target (at_least) or target ÷ actual (at_most).
    """
    figures, score = [], 0
    for indicator in appraisal.indicators:
        degree, told = _degree(indicator, measures, stated)
        points = money.share(indicator.weight, degree)
        score += points
        text = f"{told} → {money.percent(indicator.weight)} % × {money.percent(degree)} % = {money.percent(points)} %"
        figures.append(figure(indicator.id, indicator.title, points, text, appraisal.rule, unit=RATIO))
    factor = ratio_at(appraisal.factors, score)
    figures.append(figure("score", _TITLE_SCORE, score, "Σ", appraisal.rule, unit=RATIO))
    figures.append(figure("factor", _TITLE_FACTOR, factor, f"{money.percent(score)} % →", appraisal.rule, unit=RATIO))
    return Appraised(score, factor, tuple(figures))


def _degree(indicator: Indicator, measures: tuple[Measure, ...], stated: Stated) -> tuple[Rate, str]:
    target = stated.targets.get(indicator.id, indicator.target)
    actual = stated.indicators.get(indicator.id)
    if actual is None and indicator.measured:
        listed = [each for each in measures if not indicator.terms or each.terms in indicator.terms]
        actual = _measured(indicator.measured, listed)
    if actual is None or target is None:
        return RATE_ONE, "未列 / not stated"
    told = f"{weight_text(actual)} {'≥' if indicator.wants == AT_LEAST else '≤'} {weight_text(target)}"
    if indicator.wants == AT_LEAST:
        return (RATE_ONE if actual >= target else money.portion(RATE_ONE, max(0, actual), target)), told
    return (RATE_ONE if actual <= target else money.portion(RATE_ONE, max(0, target), actual)), told


def _measured(what: str, measures: list[Measure]) -> int | None:
    """A measured value in ten-thousandths; None for an average over nothing."""
    cases, days = sum_of(measures, CASES), sum_of(measures, DAYS)
    if what in ("cases", "days"):
        return RATE_ONE * (cases if what == "cases" else days)
    fen = sum_of(measures, TOTAL if what.startswith("total") else FUND)
    over = cases if what.endswith("case") else days
    return money.portion(max(0, fen), RATE_ONE, over * 100) if over > 0 else None
