"""`gateway policy`: check the shipped policies and run case files against them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import FAILED, print_json, usable
from gateway.policies.cases import CaseResult, case_files, run_cases
from gateway.policies.load import PolicyBook, load_all
from gateway.system import Settings

app = typer.Typer(name="policy", help="Policies as dated data: check them, run cases.", no_args_is_help=True)


@app.command("check")
def check(json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a case.")] = False) -> None:
    """Load every policy with all its problems, and run all its cases.

    Prints `ok case` or `FAIL case field expected actual step`. Ends 0, 1 when a case differs, 2 when a policy or case
    file cannot be read.
    """
    with usable():
        book = _book()
        results = [result for file in case_files(book) for result in run_cases(file, book)]
    _report(results, json=json)


@app.command("run")
def run(
    file: Annotated[Path, typer.Argument(help="A case file (YAML).")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a case.")] = False,
) -> None:
    """Run one case file. Ends 0, 1 when a case differs, 2 when the file cannot be read."""
    with usable():
        results = run_cases(file, _book())
    _report(results, json=json)


def _book() -> PolicyBook:
    return load_all(Settings().policies)


def _report(results: list[CaseResult], *, json: bool) -> None:
    if json:
        print_json(
            [
                {"case": each.case, "ok": each.ok, "differences": [asdict(one) for one in each.differences]}
                for each in results
            ]
        )
    else:
        for each in results:
            typer.echo(each.line)
    if not all(each.ok for each in results):
        raise typer.Exit(FAILED)
