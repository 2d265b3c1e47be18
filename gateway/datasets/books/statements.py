"""The statements of a scheme's period, read from the books: each fund's and the scheme's, with months of cover.

A year that was closed shows what it earned and spent: its carry-over is left out of the period's figures.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gateway.datasets.books.periods import Span, span_of
from gateway.kernel import money
from gateway.ledger.accounts import Account
from gateway.ledger.cover import Hundredths, judged, months_of_cover
from gateway.ledger.entry import Posting
from gateway.ledger.statements import (
    EXPENSES,
    Balances,
    Statement,
    TrialLine,
    balance_sheet,
    funds_of,
    income_statement,
    net,
    trial_balance,
)
from gateway.ledger.year_end import before_carry_over
from gateway.store.store import Store

_ONE_DAY = timedelta(days=1)
_PAGE = 500
_CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Cover:
    """Months that a fund would last. `hundredths` None: nothing was spent; `judgement`: by the guideline, or ''."""

    fund: str
    hundredths: Hundredths | None
    judgement: str


@dataclass(frozen=True, slots=True)
class Report:
    """All statements of a period. The first of `income` and of `sheets` is the scheme's, then one for each fund.

    `state`: open, closing or closed, of the period itself.
    """

    scheme: str
    span: Span
    state: str
    income: tuple[Statement, ...]
    sheets: tuple[Statement, ...]
    trial: tuple[TrialLine, ...]
    cover: tuple[Cover, ...]


def report(store: Store, scheme: str, period: str) -> Report:
    """The statements of a period such as 2015-06, 2015Q2 or 2015. Refusal `bad-report-period`."""
    span = span_of(period)
    opening = _balances(store, scheme, span.from_on - _ONE_DAY)
    turned = {
        (fund, Account(account)): each
        for (fund, account), each in store.turnover(scheme, from_on=span.from_on, to_on=span.to_on).items()
    }
    moved = before_carry_over(net(turned), carried_over(store, scheme, span))
    closing = _balances(store, scheme, span.to_on)
    funds = ("", *funds_of(moved, closing))
    states = {each.period: str(each.state) for each in store.closed_periods(scheme)}
    return Report(
        scheme=scheme,
        span=span,
        state=states.get(period, "open"),
        income=tuple(income_statement(moved, fund=fund) for fund in funds),
        sheets=tuple(balance_sheet(closing, fund=fund) for fund in funds),
        trial=trial_balance(opening, turned),
        cover=tuple(_cover(fund, sheet, moved, span) for fund, sheet in _sheets(funds, closing)),
    )


def report_values(made: Report) -> dict[str, Any]:
    """The same as values; amounts as text in yuan."""
    return {
        "scheme": made.scheme,
        "period": made.span.period,
        "from": made.span.from_on.isoformat(),
        "to": made.span.to_on.isoformat(),
        "state": made.state,
        "income": [_statement_values(each) for each in made.income],
        "sheets": [_statement_values(each) for each in made.sheets],
        "cover": [
            {"fund": each.fund, "months": cover_text(each.hundredths), "judgement": each.judgement}
            for each in made.cover
        ],
    }


def cover_text(hundredths: Hundredths | None) -> str:
    """'6.25' months, '' where nothing was spent."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def carried_over(store: Store, scheme: str, span: Span) -> list[Posting]:
    """The postings of the span that carry a closed year over."""
    cause = closing_of_year(store, scheme, span)
    found: list[Posting] = []
    after = None
    while cause and (
        page := store.postings(
            scheme=scheme, cause=cause, from_on=span.from_on, to_on=span.to_on, after=after, limit=_PAGE
        )
    ):
        found += (Posting(line.fund, Account(line.account), line.party, line.fen) for line in page)
        after = page[-1].place
    return found


def closing_of_year(store: Store, scheme: str, span: Span) -> str:
    """The cause that the carry-over of the span's last year has, or '' when that year was not closed."""
    year = store.dossier_of_key(_CLOSING, f"{scheme}|{span.to_on.year}")
    return year.id if year is not None else ""


def _balances(store: Store, scheme: str, day: date) -> Balances:
    return {(fund, Account(account)): fen for (fund, account), fen in store.balances(scheme, on=day).items()}


def _sheets(funds: tuple[str, ...], closing: Balances) -> list[tuple[str, Statement]]:
    return [(fund, balance_sheet(closing, fund=fund)) for fund in funds if fund]


def _cover(fund: str, sheet: Statement, moved: Balances, span: Span) -> Cover:
    spent = sum(fen for (one, account), fen in moved.items() if one == fund and account in EXPENSES)
    balance = sheet.fen("net-assets")
    cover = months_of_cover(balance, spent=spent, months=span.months)
    return Cover(fund, cover, str(judged(cover, balance)) if cover is not None else "")


def _statement_values(each: Statement) -> dict[str, Any]:
    return {
        "title": {"zh": each.title_zh, "en": each.title_en},
        "fund": each.fund,
        "lines": [
            {"code": line.code, "zh": line.zh, "en": line.en, "amount": money.text(line.fen)} for line in each.lines
        ],
    }
