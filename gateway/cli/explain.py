"""`gateway explain`: every fen of a settlement, by rule and source."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import FAILED, console, errors, print_json, table, usable, write_page
from gateway.datasets.explanation import Explanation, explain_settlement, find_settlement, since
from gateway.datasets.explanation_json import write_explanation
from gateway.datasets.explanation_page import explanation_page
from gateway.datasets.titles import FIGURES, PARTS
from gateway.system import Settings, clock_of, open_store_of


def explain(
    claim: Annotated[str, typer.Argument(help="Id of a settlement (setl_id) or of its Claim.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to print to this file.")] = None,
) -> None:
    """Explain a settlement line by line: figure, arithmetic, rule, source words.

    Ends 0, 1 when there is no such settlement, 2 when the database cannot be opened or the page not written.
    """
    settings = Settings()
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
        try:
            found = find_settlement(store, claim)
            explanation = explain_settlement(store, found) if found is not None else None
        finally:
            store.close()
    if explanation is None:
        errors.print(f"没有该结算 / no such settlement: {claim}", markup=False)
        raise typer.Exit(FAILED)
    if html is not None:
        write_page(html, explanation_page(explanation))
    if json:
        print_json(write_explanation(explanation))
    elif html is None:
        print_explanation(explanation)


def print_explanation(explanation: Explanation) -> None:
    """The settlement as tables: who pays, the lines, the steps; then the rules it cites."""
    head = explanation.head
    named = [("settlement", head.settlement), ("claim", head.claim), ("state", head.state)]
    named += [("institution", head.institution), ("decided on", head.decided_on)]
    named += [("policy", f"{explanation.policy}@{explanation.version}"), ("benefit", explanation.benefit)]
    console.print("  ".join(f"{name} {value}" for name, value in named if value), highlight=False, markup=False)
    _print_payers(explanation)
    if explanation.lines:
        _print_lines(explanation)
    shown = table("line", "figure", "arithmetic", "rule")
    for figure in explanation.figures:
        line = str(figure.line) if figure.line else ""
        day = f" ({since(figure)})" if since(figure) else ""
        shown.add_row(line, f"{figure.zh} / {figure.en}", figure.arithmetic, f"{figure.rule}{day}")
    console.print(shown, markup=False)
    for rule in explanation.rules:
        if rule.source:
            reading = f" — {rule.reading}" if rule.reading else ""
            console.print(f"{rule.rule}: “{rule.source}”{reading}", highlight=False, markup=False)


def _print_payers(explanation: Explanation) -> None:
    summary = explanation.summary
    if summary is None:
        return
    shown = table("part", "amount", numbers=("amount",))
    for name in ("total", *PARTS, "deductible", "counted", "fund"):
        shown.add_row(f"{FIGURES[name].zh} / {FIGURES[name].en}", getattr(summary, name))
    for share in explanation.funds:
        shown.add_row(f"  {share.zh} / {share.en}", share.amount)
    for name in ("account", "institution_share", "cash"):
        shown.add_row(f"{FIGURES[name].zh} / {FIGURES[name].en}", getattr(summary, name))
    console.print(shown)


def _print_lines(explanation: Explanation) -> None:
    parts = [f"{title.zh}\n{title.en}" for title in PARTS.values()]
    shown = table("line", "item", "amount", *parts, numbers=("line", "amount", *parts))
    for line in explanation.lines:
        amounts = (line.amount, line.own_expense, line.over_limit, line.first_payment, line.in_scope)
        shown.add_row(str(line.line), f"{line.code} {line.zh}".strip(), *amounts)
    console.print(shown)
