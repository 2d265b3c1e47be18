"""`gateway explain`: every fen of a settlement, by rule and source."""

from dataclasses import asdict
from typing import Annotated

import msgspec
import typer

from gateway.cli.output import FAILED, console, errors, print_json, table, usable
from gateway.kernel import money
from gateway.settlement.explain import Explained, explain_trace
from gateway.settlement.steps import FIGURES
from gateway.store.store import Store
from gateway.store.values import Settlement
from gateway.system import Settings, clock_of, open_store_of


def explain(
    claim: Annotated[str, typer.Argument(help="Id of a settlement (setl_id) or of its Claim.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a settlement line by line: figure, arithmetic, rule, source words.

    Ends 0, 1 when there is no such settlement, 2 when the database cannot be opened.
    """
    settings = Settings()
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        found = find_settlement(store, claim)
    finally:
        store.close()
    if found is None:
        errors.print(f"没有该结算 / no such settlement: {claim}", markup=False)
        raise typer.Exit(FAILED)
    figures = explained(found)
    if json:
        print_json({**_head(found), "figures": [asdict(figure) for figure in figures]})
    else:
        print_explained(found, figures)


def find_settlement(store: Store, id: str) -> Settlement | None:
    """By settlement id, else by claim id."""
    return store.settlement(id) or store.settlement_of_claim(id)


def explained(settlement: Settlement) -> list[Explained]:
    """The figures of a stored settlement."""
    return explain_trace(msgspec.json.decode(settlement.trace), FIGURES)


def print_explained(settlement: Settlement, figures: list[Explained]) -> None:
    """The settlement as a table, then the rules it cites."""
    head = _head(settlement)
    console.print("  ".join(f"{name} {value}" for name, value in head.items()), highlight=False)
    shown = table("line", "figure", "arithmetic", "rule")
    for figure in figures:
        line = str(figure.line) if figure.line else ""
        shown.add_row(line, f"{figure.zh} / {figure.en}", figure.arithmetic, f"{figure.rule} ({figure.in_force_from})")
    console.print(shown)
    cited = {(figure.rule, figure.source, figure.reading): None for figure in figures if figure.source}
    for rule, source, reading in cited:
        console.print(f"{rule}: “{source}”" + (f" — {reading}" if reading else ""), highlight=False, markup=False)


def _head(settlement: Settlement) -> dict[str, str]:
    return {
        "settlement": settlement.id,
        "claim": settlement.claim,
        "state": settlement.state.value,
        "institution": settlement.institution,
        "decided on": settlement.decided_on.isoformat(),
        "total": money.text(settlement.total),
        "fund": money.text(settlement.fund),
    }
