"""Statements as tables for people and as values for programs."""

from collections.abc import Iterable

from gateway.cli.output import console, table
from gateway.datasets.books.statements import Report, cover_text
from gateway.kernel import money
from gateway.ledger.accounts import CHART
from gateway.ledger.centre import Reported


def print_report(made: Report) -> None:
    """Every statement of a period, and how many months each fund would last."""
    console.print(f"{made.scheme} {made.span.period} ({made.span.from_on} – {made.span.to_on}) {made.state}")
    for statement in (*made.income, *made.sheets):
        title = f"{statement.title_zh} / {statement.title_en}: {statement.fund or '全部基金 all funds'}"
        shown = table("code", "item", "amount", numbers=("amount",), title=title)
        for line in statement.lines:
            style = "bold" if line.level == 0 else ""
            shown.add_row(line.code, f"{line.zh} / {line.en}", money.text(line.fen), style=style)
        console.print(shown)
    for each in made.cover:
        if each.hundredths is not None:
            console.print(f"{each.fund}: {cover_text(each.hundredths)} months of cover 可支付月数, {each.judgement}")


def print_trial_balance(made: Report) -> None:
    """Every account of every fund that moved or has a balance."""
    names = ("before", "debit", "credit", "after")
    shown = table("fund", "number", "account", *names, numbers=names, title="科目余额表 / trial balance")
    for line in made.trial:
        title = CHART[line.account]
        amounts = (money.text(fen) for fen in (line.opening, line.debit, line.credit, line.closing))
        shown.add_row(line.fund, line.number, f"{title.zh} / {title.en}", *amounts)
    sums = (sum(column) for column in zip(*((*line[3:],) for line in made.trial), strict=True))
    shown.add_row("", "", "合计 / sum", *(money.text(fen) for fen in sums), style="bold")
    console.print(shown)


def trial_values(made: Report) -> list[dict[str, str]]:
    """The same as values; amounts as text in yuan, debit positive."""
    return [
        {
            "fund": line.fund,
            "number": line.number,
            "account": str(line.account),
            "opening": money.text(line.opening),
            "debit": money.text(line.debit),
            "credit": money.text(line.credit),
            "closing": money.text(line.closing),
        }
        for line in made.trial
    ]


def print_centres(lines: Iterable[Reported], period: str) -> None:
    """The monthly report of the community settlement centre."""
    names = ("paid in", "paid out", "old deficit left")
    shown = table("centre", "fund", *names, numbers=names, title=f"结算中心月报 / settlement centre {period}")
    for line in lines:
        amounts = (money.text(fen) for fen in (line.paid_in, line.paid_out, line.deficit_left))
        shown.add_row(line.centre, line.fund, *amounts)
    console.print(shown)


def centre_values(lines: Iterable[Reported]) -> list[dict[str, str]]:
    """The same as values; amounts as text in yuan."""
    return [
        {
            "centre": line.centre,
            "fund": line.fund,
            "paidIn": money.text(line.paid_in),
            "paidOut": money.text(line.paid_out),
            "deficitLeft": money.text(line.deficit_left),
        }
        for line in lines
    ]
