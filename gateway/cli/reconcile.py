"""`gateway reconcile`: what officers do with a day and its worklist.

Each officer acts with a token of their own, so that a write-off is two people's; the token is read from a file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.office import OPERATOR, officer_of, opened
from gateway.cli.output import console, print_json, table
from gateway.exchange import reconciliation
from gateway.exchange.pipeline import Reply
from gateway.fhir.json import decode
from gateway.kernel import money
from gateway.kernel.problem import Refusal

app = typer.Typer(help="Reconciliation 对账: match a day, work on its findings, sign it off.", no_args_is_help=True)

DayArgument = Annotated[str, typer.Argument(metavar="DAY", help="Such as 2015-06-30.")]
Scheme = Annotated[str, typer.Option("--scheme", help="The scheme whose books are meant.")]
TokenFile = Annotated[Path, typer.Option("--token-file", help="File that holds the officer's token.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("day")
def day(day: DayArgument, scheme: Scheme = "resident", json: Json = False) -> None:
    """Match a day: institutions, core and bank. What differs goes on the worklist; matched again, nothing changes."""
    with opened() as system:
        prepared = reconciliation.prepare(system.exchange, OPERATOR, "match-day", {"scheme": scheme, "day": day})
        told = _tree(system.exchange.take(prepared).result())
    _print_day(told["Day"], json=json)


@app.command("findings")
def findings(
    day: Annotated[str, typer.Option("--day", help="Only those of this day.")] = "",
    state: Annotated[
        str, typer.Option("--state", help="open, write-off-asked, carried, resolved; all if ''.")
    ] = "open",
    institution: Annotated[str, typer.Option("--institution", help="Only this institution's.")] = "",
    after: Annotated[str, typer.Option("--after", help="Id that the page before ended with.")] = "",
    json: Json = False,
) -> None:
    """List the worklist, a page of a hundred in the order of ids."""
    asked = {"day": day, "state": state, "institution": institution, "after": after, "limit": "100"}
    with opened() as system:
        found = reconciliation.find_findings(system.exchange, OPERATOR, asked)
    if json:
        print_json(found)
        return
    listed = table("id", "day", "class", "reference", "institution", "at stake", "state", numbers=("at stake",))
    for each in found["findings"]:
        names = ("id", "day", "class", "reference", "institution")
        listed.add_row(*(str(each[name]) for name in names), money.text(each["fen"]), each["state"])
    console.print(listed)
    if found["next"]:
        console.print(f"--after {found['next']}", highlight=False)


@app.command("resolve")
def resolve(
    id: Annotated[str, typer.Argument(help="Id of the finding.")],
    action: Annotated[str, typer.Argument(help="What is done about it, such as accept-core.")],
    token_file: TokenFile,
    why: Why,
    reference: Annotated[str, typer.Option("--reference", help="What corrected it: an id.")] = "",
    json: Json = False,
) -> None:
    """Act on one finding. The same act again changes nothing."""
    said = {"finding": id, "action": action, "why": why, "reference": reference}
    with opened() as system:
        officer = officer_of(system.exchange, token_file)
        prepared = reconciliation.prepare(system.exchange, officer, "resolve-finding", said)
        told = _tree(system.exchange.take(prepared).result())["Finding"]
    if json:
        print_json(told)
        return
    console.print(f"{told['zh']} / {told['en']}", highlight=False, markup=False)
    for step in told["steps"]:
        line = f"{step['at']} {step['by']} {step['action']} {step['why']}"
        console.print(line.rstrip(), highlight=False, markup=False)
    console.print(told["state"], highlight=False)


@app.command("sign-off")
def sign_off(
    day: DayArgument, token_file: TokenFile, scheme: Scheme = "resident", why: Why = "", json: Json = False
) -> None:
    """Close a day: it takes no more postings. Ends 1 while findings are open or an earlier day is."""
    said = {"scheme": scheme, "day": day, "why": why}
    with opened() as system:
        told = _tree(reconciliation.sign_off(system.exchange, officer_of(system.exchange, token_file), said))
    _print_day(told["Day"], json=json)


def _tree(reply: Reply) -> dict[str, Any]:
    if reply.refused is not None:
        raise Refusal(reply.problems)
    found: dict[str, Any] = decode(reply.body)
    return found


def _print_day(told: Mapping[str, Any], *, json: bool) -> None:
    if json:
        print_json(told)
        return
    console.print(f"{told['day']} {told['scheme']} {told['state']}", highlight=False)
    listed = table("class", "findings", numbers=("findings",))
    for name, count in told["found"].items():
        listed.add_row(name, str(count))
    console.print(listed)
    for name in ("silent", "unstated"):
        if told[name]:
            console.print(f"{name}: {', '.join(told[name])}", highlight=False, markup=False)
