"""Public disclosure 信息公开: a quarter's figures for the supervisory board 监督委员会 and for the public.

Both get the same figures of the fund; the board also gets what each institution was settled for. Nothing names a
person. Assumption: for the public, kinds of care with fewer than ten cases are summed up as 'other', with the next
smallest where they are still too few: a small town knows its patients, and what is left out could be reckoned back.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.datasets.books.periods import span_of
from gateway.datasets.books.statements import Report, cover_text, report
from gateway.datasets.titles import fund_title
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.store.store import Store
from gateway.store.values import Activity, PeriodState

FEW = 10
OTHER = "other"


class Audience(StrEnum):
    """Who reads it."""

    BOARD = "board"  # 监督机构
    PUBLIC = "public"  # 社会公众


@dataclass(frozen=True, slots=True)
class KindRow:
    """What was settled of one kind of care, net of cancellations. `institution` '' sums all of them."""

    institution: str
    kind: str
    cases: int
    total: Fen
    fund: Fen
    account: Fen


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A quarter's figures. `kinds`: by kind of care; `institutions`: by institution and kind, for the board alone.

    `is_final`: the books of every day of it are closed.
    """

    audience: Audience
    report: Report
    kinds: tuple[KindRow, ...]
    institutions: tuple[KindRow, ...]
    is_final: bool


def disclose(store: Store, scheme: str, period: str, audience: Audience) -> Disclosure:
    """The figures of a period such as 2015Q2. Refusal `bad-report-period`."""
    made = report(store, scheme, period)
    activity = store.activity(scheme, from_on=made.span.from_on, to_on=made.span.to_on)
    by_kind: dict[str, Activity] = {}
    for each in activity:
        by_kind[each.kind] = _plus(by_kind.get(each.kind), each, kind=each.kind)
    kinds = [by_kind[kind] for kind in sorted(by_kind)]
    return Disclosure(
        audience=audience,
        report=made,
        kinds=tuple(map(_row, few_together(kinds) if audience is Audience.PUBLIC else kinds)),
        institutions=tuple(map(_row, activity)) if audience is Audience.BOARD else (),
        is_final=_is_final(store, made),
    )


def disclosure_values(found: Disclosure) -> dict[str, object]:
    """The figures as JSON values, amounts as text in yuan."""
    made = found.report
    return {
        "audience": str(found.audience),
        "scheme": made.scheme,
        "period": made.span.period,
        "state": made.state,
        "funds": [
            {
                "fund": income.fund,
                "title": {"zh": fund_title(income.fund).zh, "en": fund_title(income.fund).en},
                "income": money.text(income.fen("income")),
                "expenditure": money.text(income.fen("expenditure")),
                "result": money.text(income.fen("result")),
                "balance": money.text(sheet.fen("net-assets")),
            }
            for income, sheet in zip(made.income[1:], made.sheets[1:], strict=True)
        ],
        "months of cover": [
            {"fund": each.fund, "months": cover_text(each.hundredths), "judgement": each.judgement}
            for each in made.cover
        ],
        "care": [_row_values(each) for each in found.kinds],
        "institutions": [_row_values(each) for each in found.institutions],
    }


def _is_final(store: Store, made: Report) -> bool:
    months = [each for each in store.closed_periods(made.scheme) if len(each.period) == len("2015-06")]
    closed = [span_of(each.period).to_on for each in months if each.state is PeriodState.CLOSED]
    return max(closed, default=date.min) >= made.span.to_on


def few_together(kinds: list[Activity]) -> list[Activity]:
    """The same sums with small kinds in one row; nothing at all where all care together is too little to be told."""
    by_size = sorted(kinds, key=lambda each: (_cases(each), each.kind))
    together: Activity | None = None
    while by_size and (_cases(by_size[0]) < FEW or (together is not None and _cases(together) < FEW)):
        together = _plus(together, by_size.pop(0), kind=OTHER)
    if together is None or _cases(together) < FEW:
        return sorted(by_size, key=lambda each: each.kind)
    return [*sorted(by_size, key=lambda each: each.kind), together]


def _cases(each: Activity) -> int:
    return each.settled - each.cancelled


def _plus(sum_so_far: Activity | None, each: Activity, *, kind: str) -> Activity:
    if sum_so_far is None:
        return each._replace(institution="", kind=kind)
    numbers = (one + other for one, other in zip(sum_so_far[2:], each[2:], strict=True))
    return Activity("", kind, *numbers)


def _row(each: Activity) -> KindRow:
    return KindRow(each.institution, each.kind, _cases(each), each.total, each.fund, each.account)


def _row_values(row: KindRow) -> dict[str, str]:
    amounts = {"total": row.total, "fund": row.fund, "account": row.account}
    values = {"institution": row.institution} if row.institution else {}
    values |= {"kind": row.kind, "cases": str(row.cases)}
    return values | {name: money.text(fen) for name, fen in amounts.items()}
