"""A figure of an assessment: what came to how much, by which arithmetic, rule and words."""

from dataclasses import dataclass
from typing import Any

from gateway.kernel import money
from gateway.settlement.rule import Rule, Wording

FEN, WEIGHT, RATIO, COUNT = "fen", "weight", "ratio", "count"
"""Units of a figure: fen; ten-thousandths of a weight or point; ten-thousandths of one; a plain count."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`amount` in `unit`; `arithmetic` in words a person can check; `rule`: policy and path; `source`, `reading`."""

    code: str
    zh: str
    en: str
    amount: int
    unit: str
    arithmetic: str
    rule: str
    source: str
    reading: str


def figure(code: str, title: Wording, amount: int, arithmetic: str, rule: Rule, *, unit: str = FEN) -> Figure:
    """A figure by a rule."""
    path = f"{rule.policy}:{rule.path}"
    return Figure(code, title.zh, title.en, amount, unit, arithmetic, path, rule.source, rule.reading)


def number_text(amount: int, unit: str) -> str:
    """An amount with its unit's decimals: '12.34' yuan, '1.2000' weight, '87.5 %', '3'."""
    if unit == FEN:
        return money.text(amount)
    if unit == WEIGHT:
        return weight_text(amount)
    return f"{money.percent(amount)} %" if unit == RATIO else str(amount)


def weight_text(amount: int) -> str:
    """Ten-thousandths with four decimals: '1.2000'."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), money.RATE_ONE)
    return f"{sign}{whole}.{rest:04d}"


def figure_values(each: Figure) -> dict[str, Any]:
    """A figure for JSON, its amount as text."""
    return {
        "code": each.code,
        "zh": each.zh,
        "en": each.en,
        "amount": number_text(each.amount, each.unit),
        "unit": "yuan" if each.unit == FEN else each.unit,
        "arithmetic": each.arithmetic,
        "rule": each.rule,
        "source": each.source,
        "reading": each.reading,
    }
