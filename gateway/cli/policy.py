"""`gateway policy`: check the shipped policies, run and explain case files, compare versions, back-test a draft."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway.cli.backtest import backtest
from gateway.cli.explain import print_explanation
from gateway.cli.output import (
    FAILED,
    UNUSABLE,
    console,
    errors,
    print_json,
    print_problems,
    problem_values,
    table,
    usable,
    write_page,
)
from gateway.datasets.explanation import Explanation, Head, explain_stored
from gateway.datasets.explanation_json import write_explanation
from gateway.datasets.explanation_page import explanation_page
from gateway.kernel.problem import Problem
from gateway.policies.cases import CaseResult, case_files, read_case_file, run_cases
from gateway.policies.diff import Change, diff_bodies
from gateway.policies.load import PolicyBook, load_all, load_area
from gateway.policies.read_cases import WrittenCase
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.decision import Decision
from gateway.settlement.explain import trace
from gateway.system import Settings, clock_of, open_store_of

app = typer.Typer(
    name="policy", help="Policies as dated data: check, run cases, explain, compare, back-test.", no_args_is_help=True
)
app.command("backtest")(backtest)


@app.command("check")
def check(
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line for each case.")] = False,
) -> None:
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
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line for each case.")] = False,
) -> None:
    """Run one case file. Ends 0, 1 when a case differs, 2 when the file cannot be read."""
    with usable():
        results = run_cases(file, _book())
    _report(results, json=json)


@app.command("explain")
def explain(
    file: Annotated[Path, typer.Argument(help="A case file (YAML).")],
    case: Annotated[str | None, typer.Option("--case", help="Only the case of this name.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line for each case.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one case as a page to print to this file.")] = None,
) -> None:
    """Explain the cases of a file, whatever they expect: each line, each step in figures, the rules cited.

    Ends 0, 1 when there is no such case, 2 when the file cannot be read; a page is of one decided case.
    """
    with usable():
        written = [each for each in read_case_file(file, _book()) if case in (None, each.name)]
    if not written:
        errors.print(f"没有该案例 / no such case: {case}", markup=False)
        raise typer.Exit(FAILED)
    found = [(each, _explained(each)) for each in written]
    if html is not None:
        decided = [each for _, each in found if isinstance(each, Explanation)]
        if len(found) != 1 or not decided:
            errors.print(
                "一页只说明一个有结果的案例 / a page explains one decided case: name it with --case", markup=False
            )
            raise typer.Exit(UNUSABLE)
        write_page(html, explanation_page(decided[0]))
    if json:
        print_json([_case_value(each, told) for each, told in found])
    elif html is None:
        for each, told in found:
            _print_case(each, told)


@app.command("diff")
def diff(
    a: Annotated[str, typer.Argument(help="A policy folder, the id of a shipped one, or id@hash of a kept version.")],
    b: Annotated[str, typer.Argument(help="The other.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two policies: values by date, benefits, steps, catalogue. Ends 0 when equal, 1 when not, 2 unreadable."""
    with usable():
        changes = diff_bodies(_body(a), _body(b))
    if json:
        print_json({"a": a, "b": b, "equal": not changes, "changes": [asdict(change) for change in changes]})
    elif changes:
        _print_changes(changes)
    else:
        typer.echo("没有差别 / no difference")
    if changes:
        raise typer.Exit(FAILED)


def _book() -> PolicyBook:
    return load_all(Settings().policies)


def _report(results: list[CaseResult], *, json: bool) -> None:
    for each in results:
        if json:
            found = [asdict(one) for one in each.differences]
            typer.echo(msgspec.json.encode({"case": each.case, "ok": each.ok, "differences": found}))
        else:
            typer.echo(each.line)
    if not all(each.ok for each in results):
        raise typer.Exit(FAILED)


def _explained(written: WrittenCase) -> Explanation | tuple[Problem, ...]:
    """The explanation as it would be of a settlement; the problems of a case that is refused."""
    outcome = adjudicate(written.case, written.policy.policy)
    if not isinstance(outcome, Decision):
        return outcome
    head = Head("", written.name, "case", "", outcome.claim.decided_on.isoformat())
    stored = msgspec.json.decode(msgspec.json.encode(trace(outcome)))
    return explain_stored(stored, head, written.policy.policy, written.policy.catalogue)


def _case_value(written: WrittenCase, told: Explanation | tuple[Problem, ...]) -> dict[str, object]:
    if isinstance(told, Explanation):
        return {"case": written.name, **write_explanation(told)}
    return {"case": written.name, "refused": problem_values(told)}


def _print_case(written: WrittenCase, told: Explanation | tuple[Problem, ...]) -> None:
    console.print(f"\n{written.name}", style="bold", markup=False, highlight=False)
    if isinstance(told, Explanation):
        print_explanation(told)
    else:
        print_problems(told)


def _body(named: str) -> bytes:
    """The canonical body of a folder, of a shipped policy by id, or of a version the store has kept."""
    id, at, hash = named.rpartition("@")
    if at and not Path(named).exists():
        return _kept_body(id, hash)
    settings = Settings()
    folder = Path(named)
    if not folder.is_dir() and (settings.policies / named / "policy.yaml").is_file():
        folder = settings.policies / named
    return load_area(folder.resolve(), shared=settings.policies).body


def _kept_body(id: str, hash: str) -> bytes:
    settings = Settings()
    store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        body = store.policy_body(hash)
    finally:
        store.close()
    if body is None or msgspec.json.decode(body)["policy"].get("id") != id:
        errors.print(f"没有该政策版本 / no such version was kept: {id}@{hash}", markup=False)
        raise typer.Exit(UNUSABLE)
    return body


def _print_changes(changes: list[Change]) -> None:
    shown = table("section", "path", "from", "to", "before", "after")
    for change in changes:
        shown.add_row(change.section, change.path, change.from_on, change.to_on, change.before, change.after)
    console.print(shown, markup=False)
