"""`gateway doctor`: refuse settings that could lose acknowledged money."""

from typing import Annotated

import typer

from gateway.cli.output import FAILED, console, print_json, print_problems, problem_values, usable
from gateway.system import Settings, clock_of, open_store_of


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check the database's durability settings and its schema.

    Ends 0 when they are safe, 1 when any is not, 2 when the database cannot be opened.
    """
    settings = Settings()
    with usable():
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        problems = store.doctor()
    finally:
        store.close()
    if json:
        print_json({"ok": not problems, "problems": problem_values(problems)})
    else:
        print_problems(problems)
        console.print("doctor: safe" if not problems else f"doctor: {len(problems)} unsafe")
    if problems:
        raise typer.Exit(FAILED)
