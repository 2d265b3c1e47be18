"""`gateway verify`: recount everything from the journal."""

from typing import Annotated

import typer

from gateway.cli.output import FAILED, console, print_json, print_problems, problem_values, table, usable
from gateway.system import Settings, clock_of, open_store_of


def verify(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Recount counters, entries and settlements from the two books, and open every sealed record.

    Ends 0 when all agree, 1 when anything differs, 2 when the database cannot be opened.
    """
    settings = Settings()
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        found = store.verify()
    finally:
        store.close()
    if json:
        print_json({"ok": not found.problems, "counts": found.counts, "problems": problem_values(found.problems)})
    else:
        counts = table("recounted", "number")
        for name, number in found.counts.items():
            counts.add_row(name, str(number))
        console.print(counts)
        print_problems(found.problems)
        console.print("verify: clean" if not found.problems else f"verify: {len(found.problems)} differences")
    if found.problems:
        raise typer.Exit(FAILED)
