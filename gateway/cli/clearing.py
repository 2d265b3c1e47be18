"""`gateway clearing`: what officers do with the clearings of institutions.

Each officer acts with a token of their own, so that two approvals are two people's; the token is read from a file.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.office import OPERATOR, officer_of, opened, read_file
from gateway.cli.output import FAILED, UNUSABLE, console, errors, print_json, print_problems, table
from gateway.contract import Incoming
from gateway.exchange import clearances, remittances
from gateway.exchange.clearing.views import clearing_view, summary_view
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared, Reply
from gateway.fhir.json import decode, encode
from gateway.kernel import money
from gateway.kernel.problem import Refusal
from gateway.security.partners import Partner, Role

app = typer.Typer(help="Clearing with institutions 清算: list, show, review, approve, pay.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Id of the clearing.")]
TokenFile = Annotated[Path, typer.Option("--token-file", help="File that holds the officer's token.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="Only those in this state.")] = "",
    period: Annotated[str, typer.Option("--period", help="Only this month, such as 2015-06.")] = "",
    institution: Annotated[str, typer.Option("--institution", help="Only this institution's.")] = "",
    after: Annotated[str, typer.Option("--after", help="Id that the page before ended with.")] = "",
    json: Json = False,
) -> None:
    """List clearings, a page of a hundred in the order of their ids."""
    with opened() as system:
        found, following = remittances.find_clearings(
            system.exchange, OPERATOR, state=state, period=period, institution=institution, after=after
        )
    shown = [summary_view(each) for each in found]
    if json:
        print_json({"clearings": shown, "next": following})
        return
    listed = table("id", "scheme", "month", "institution", "state", "payable", numbers=("payable",))
    for each in shown:
        listed.add_row(*(str(value) for value in each.values()))
    console.print(listed)
    if following:
        console.print(f"--after {following}", highlight=False)


@app.command("show")
def show(id: Id, json: Json = False) -> None:
    """Show one clearing: each fund's parts, deductions, approvals, payments, who did what, and its digest."""
    with opened() as system:
        view = clearing_view(remittances.find_clearing(system.exchange, OPERATOR, id))
    if json:
        print_json(view)
    else:
        _print_clearing(view)


@app.command("review")
def review(
    id: Id,
    token_file: TokenFile,
    deductions: Annotated[Path | None, typer.Option("--deductions", help="JSON file with the deductions.")] = None,
    unapplied: Annotated[str, typer.Option("--unapplied", help="Why it is reviewed without an application.")] = "",
    note: Annotated[str, typer.Option("--note", help="A remark that is kept with the review.")] = "",
    json: Json = False,
) -> None:
    """Review a clearing, with the deductions of a file or with none; a review before it is replaced."""
    listed = decode(read_file(deductions)) if deductions is not None else []
    body = encode({"deductions": listed, "unapplied": unapplied, "note": note})
    _act(token_file, lambda exchange, officer: clearances.prepare_review(exchange, officer, id, body), json=json)


@app.command("approve")
def approve(
    id: Id,
    token_file: TokenFile,
    digest: Annotated[str, typer.Option("--digest", help="Digest of the amounts, as `show` prints it.")],
    step: Annotated[str, typer.Option("--step", help="first or second; the one that is due if left out.")] = "",
    json: Json = False,
) -> None:
    """Approve the amounts that a digest stands for; two different people do."""
    body = encode({"digest": digest, "step": step})
    _act(token_file, lambda exchange, officer: clearances.prepare_approval(exchange, officer, id, body), json=json)


@app.command("reopen")
def reopen(
    id: Id,
    token_file: TokenFile,
    why: Annotated[str, typer.Option("--why", help="What was seen to since the payment failed.")],
    json: Json = False,
) -> None:
    """Pay a clearing again whose payment failed twice."""
    body = encode({"why": why})
    _act(token_file, lambda exchange, officer: clearances.prepare_reopening(exchange, officer, id, body), json=json)


@app.command("instruct")
def instruct(
    scheme: Annotated[str, typer.Option("--scheme", help="Scheme whose approved clearings are paid.")],
    token_file: TokenFile,
    batch: Annotated[str, typer.Option("--batch", help="Number of the file within the day.")] = "1",
    to: Annotated[Path | None, typer.Option("--to", help="Where the payment file is written.")] = None,
    json: Json = False,
) -> None:
    """Make today's payment file of a scheme, or give the one that was made."""
    body = encode({"scheme": scheme, "batch": batch})
    with opened() as system:
        officer = officer_of(system.exchange, token_file)
        reply = _checked(clearances.instruct_payments(system.exchange, officer, body))
        made = decode(reply.body)
        content = remittances.find_file(system.exchange, officer, made["id"]).body.content if made["id"] else b""
    if to is not None and content:
        _write(to, content)
    if json:
        print_json(made)
        return
    told = f"{made['id'] or '-'}: {len(made['payments'])} payments, {money.text(money.of(made['total']))} CNY"
    console.print(told, highlight=False)
    for left in made["leftOut"]:
        errors.print(f"未列入(无收款账户) / left out, no payee: {left}", markup=False, highlight=False)


@app.command("answer")
def answer(
    file: Annotated[Path, typer.Argument(help="The bank's file: pain.002, camt.053 or camt.054.")],
    bank: Annotated[str, typer.Option("--bank", help="Id of the bank's partner, where there are several.")] = "",
) -> None:
    """Take in a bank's answer that came on paper's way; prints the receipt. A file taken in before changes nothing."""
    body = read_file(file)
    with opened() as system:
        partner = _bank(system.exchange, bank)
        reply = system.exchange.accept_file(clearances.BANK_FEED, Incoming(body), proven=partner)
    if reply.problems:
        print_problems(reply.problems)
    typer.echo(reply.body.decode())
    if reply.refused is not None or reply.problems:
        raise typer.Exit(FAILED)


def _act(token_file: Path, prepare: Callable[[Exchange, Partner], Prepared], *, json: bool) -> None:
    with opened() as system:
        officer = officer_of(system.exchange, token_file)
        view = decode(_checked(system.exchange.conclude(prepare(system.exchange, officer)).result()).body)
    if json:
        print_json(view)
    else:
        _print_clearing(view)


def _checked(reply: Reply) -> Reply:
    if reply.refused is not None:
        raise Refusal(reply.problems)
    return reply


def _bank(exchange: Exchange, id: str) -> Partner:
    banks = [each for each in exchange.partners.all if each.role is Role.BANK and id in ("", each.id)]
    if len(banks) != 1:
        errors.print("请用 --bank 指明银行 / name the bank's partner with --bank", markup=False)
        raise typer.Exit(UNUSABLE)
    return banks[0]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        errors.print(f"文件写不了 / cannot be written: {path} ({error.strerror})", markup=False)
        raise typer.Exit(UNUSABLE) from None


def _print_clearing(view: dict[str, Any]) -> None:
    head = ("id", "scheme", "month", "institution", "state", "payable", "digest")
    for name in head:
        console.print(f"{name:12} {view[name]}", highlight=False, markup=False)
    columns = ("owed", "carried", "adjustment", "advance", "deposit", "recovered", "deducted", "payable")
    shares = table("fund", *columns, numbers=columns)
    for share in view["shares"]:
        shares.add_row(share["fund"], *(str(share[name]) for name in columns))
    console.print(shares)
    for each in view["deductions"]:
        what = f"{each['amount']} {each['fund']} {each['reason']}"
        told = f"- {what}: {each['text']} ({each['source']}) {each['settlement']}"
        console.print(told.rstrip(), highlight=False, markup=False)
    for each in view["acts"]:
        console.print(
            f"{each['at']} {each['by']} {each['what']} {each['note']}".rstrip(), highlight=False, markup=False
        )
