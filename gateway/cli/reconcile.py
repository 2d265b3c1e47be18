"""`gateway reconcile`: what officers do with a day and its worklist.

Each officer acts with a token of their own, so that a write-off is two people's; the token is read from a file.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.output import FAILED, UNUSABLE, console, errors, print_json, print_problems, table, usable
from gateway.exchange import reconciliation
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Reply
from gateway.fhir.json import decode
from gateway.kernel import money
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner, Role
from gateway.system import Settings, System, open_system

app = typer.Typer(help="Reconciliation 对账: match a day, work on its findings, sign it off.", no_args_is_help=True)
OPERATOR = Partner("command-line", Role.AGENCY, "command line")
"""Who the audit names for what changes nothing that an officer answers for: a match, a reading."""

DayArgument = Annotated[str, typer.Argument(metavar="DAY", help="Such as 2015-06-30.")]
Scheme = Annotated[str, typer.Option("--scheme", help="The scheme whose books are meant.")]
TokenFile = Annotated[Path, typer.Option("--token-file", help="File that holds the officer's token.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("day")
def day(day: DayArgument, scheme: Scheme = "resident", json: Json = False) -> None:
    """Match a day: institutions, core and bank. What differs goes on the worklist; matched again, nothing changes."""
    with _opened() as system:
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
    with _opened() as system:
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
    with _opened() as system:
        officer = _officer(system.exchange, token_file)
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
    with _opened() as system:
        told = _tree(reconciliation.sign_off(system.exchange, _officer(system.exchange, token_file), said))
    _print_day(told["Day"], json=json)


@contextmanager
def _opened() -> Iterator[System]:
    """The system while the block runs; a refusal ends the command with 1 and its problems."""
    with usable():
        system = open_system(Settings())
    try:
        yield system
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(FAILED) from None
    finally:
        system.close()


def _tree(reply: Reply) -> dict[str, Any]:
    if reply.refused is not None:
        raise Refusal(reply.problems)
    found: dict[str, Any] = decode(reply.body)
    return found


def _officer(exchange: Exchange, token_file: Path) -> Partner:
    try:
        token = token_file.read_text("utf-8", errors="replace").strip()
    except OSError as error:
        errors.print(f"文件读不了 / cannot be read: {token_file} ({error.strerror})", markup=False)
        raise typer.Exit(UNUSABLE) from None
    found = exchange.partners.bearer(f"Bearer {token}")
    if isinstance(found, Problem):
        raise Refusal(found)
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
