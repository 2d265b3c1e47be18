"""`gateway ledger`: the books checked, read and exported."""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec
import typer

from gateway.cli.ledger_tables import centre_values, print_centres, print_report, print_trial_balance, trial_values
from gateway.cli.office import OPERATOR
from gateway.cli.output import (
    FAILED,
    UNUSABLE,
    console,
    errors,
    print_json,
    print_problems,
    problem_values,
    progress,
    table,
    usable,
    write_page,
)
from gateway.datasets.books.centres import centre_report
from gateway.datasets.books.disclosure import Audience, disclose, disclosure_values
from gateway.datasets.books.page import disclosure_page
from gateway.datasets.books.periods import EVER, span_of
from gateway.datasets.books.statements import report, report_values
from gateway.datasets.books.trail import no_such_figure, origin_of, postings_of
from gateway.exchange.closing.month import close_month
from gateway.exchange.closing.year import close_year
from gateway.kernel import money
from gateway.kernel.calendar import business_day
from gateway.kernel.problem import Refusal
from gateway.ledger.accounts import CHART, Account
from gateway.ledger.chain import ledger_hash
from gateway.store.anchors import append_anchor, read_anchors
from gateway.store.store import Store
from gateway.store.values import LedgerLine, PostingLine
from gateway.system import Settings, clock_of, open_store_of, open_system

app = typer.Typer(help="The fund's books 基金账簿: verify, statements, export, closing.", no_args_is_help=True)

Scheme = Annotated[str, typer.Option("--scheme", help="Scheme whose books are meant: resident, worker …")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Period = Annotated[str, typer.Argument(help="2015-06-30, 2015-06, 2015Q2 or 2015.")]


@app.command("verify")
def verify(
    anchors: Annotated[Path | None, typer.Option("--anchors", help="Anchors kept outside the database.")] = None,
    json: Json = False,
) -> None:
    """Recount the ledger: hash chain, anchors, every entry, closed periods, personal accounts.

    Ends 0 when all agree, 1 when anything differs, 2 when the database cannot be opened.
    """
    settings = Settings()
    with usable():
        kept = read_anchors(anchors or settings.anchors_file)
        with _reading(settings) as store:
            found = store.verify_ledger(kept)
    if json:
        problems = problem_values(found.problems)
        print_json({"ok": not problems, "anchors": len(kept), "counts": found.counts, "problems": problems})
    else:
        counted = ", ".join(f"{name} {number}" for name, number in found.counts.items())
        console.print(f"{counted}, anchors {len(kept)}", highlight=False)
        print_problems(found.problems)
        console.print("ledger: clean" if not found.problems else f"ledger: {len(found.problems)} differences")
    if found.problems:
        raise typer.Exit(FAILED)


@app.command("statement")
def statement(period: Period, scheme: Scheme = "resident", json: Json = False) -> None:
    """Show income and expenditure, balance sheet and months of cover of each fund."""
    with usable(), _reading(Settings()) as store:
        made = report(store, scheme, period)
    if json:
        print_json(report_values(made))
    else:
        print_report(made)


@app.command("trial-balance")
def trial_balance(period: Period, scheme: Scheme = "resident", json: Json = False) -> None:
    """Show every account of every fund: before, debited, credited, after. Ends 1 when they do not sum to zero."""
    with usable(), _reading(Settings()) as store:
        made = report(store, scheme, period)
    if json:
        print_json(trial_values(made))
    else:
        print_trial_balance(made)
    if sum(line.closing for line in made.trial):
        raise typer.Exit(FAILED)


@app.command("trail")
def trail(
    period: Period,
    figure: Annotated[str, typer.Argument(help="Code of a figure of the statement, such as 5001 or result.")],
    scheme: Scheme = "resident",
    fund: Annotated[str, typer.Option("--fund", help="Fund of the statement; all funds if left out.")] = "",
    sheet: Annotated[bool, typer.Option("--sheet", help="A figure of the balance sheet, not of the income.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Postings to show.")] = 50,
    json: Json = False,
) -> None:
    """Walk from a figure to its postings and to the messages behind each; their sum is always of all of them.

    Ends 1 when the statement has no such figure, or its postings do not sum up to it.
    """
    with usable(), _reading(Settings()) as store:
        made = report(store, scheme, period)
        statements = made.sheets if sheet else made.income
        found = [line for each in statements if each.fund == fund for line in each.lines if line.code == figure]
        if not found:
            print_problems([no_such_figure(figure)])
            raise typer.Exit(FAILED)
        line = found[0]
        walked = list(islice(postings_of(store, scheme, made.span, line), limit))
        total = line.sign * sum(each.fen for each in postings_of(store, scheme, made.span, line))
        shown = [_walked(store, each) for each in walked]
    if json:
        print_json({"figure": money.text(line.fen), "sum": money.text(total), "postings": shown})
    else:
        listed = table("booked on", "account", "fund", "party", "amount", "origin", "messages", numbers=("amount",))
        for row in shown:
            listed.add_row(*(", ".join(value) if isinstance(value, list) else str(value) for value in row.values()))
        console.print(listed)
        console.print(f"figure {money.text(line.fen)}, sum of its postings {money.text(total)}", highlight=False)
    if total != line.fen:
        raise typer.Exit(FAILED)


@app.command("export")
def export(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; the output stream if left out.")] = None,
    scheme: Annotated[str, typer.Option("--scheme", help="One scheme only.")] = "",
    period: Annotated[str, typer.Option("--period", help="One period only.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
) -> None:
    """Write every line of the ledger in the order of days and entries; its SHA-256 goes to the error stream.

    Two books with the same lines have the same hash, whichever database keeps them. Ends 2 when a file cannot be
    written or the form is not known.
    """
    if form not in ("csv", "jsonl"):
        errors.print(f"格式须为 csv 或 jsonl / the form is csv or jsonl: {form}", markup=False)
        raise typer.Exit(UNUSABLE)
    with usable(), _reading(Settings()) as store:
        span = span_of(period) if period else EVER
        lines = store.export_ledger(scheme or None, from_on=span.from_on, to_on=span.to_on)
        with _written(out) as file:
            digest = ledger_hash(_lines(lines, file, form))
    errors.print(f"sha256 {digest}", highlight=False)


@app.command("close")
def close(period: Period, scheme: Scheme = "resident", json: Json = False) -> None:
    """Close a month (assess, clear, freeze) or a year (carry over); closed before: say so again.

    Ends 0, 1 when it cannot be closed now, 2 when the database cannot be opened.
    """
    with usable():
        system = open_system(Settings())
    try:
        work = close_month if "-" in period else close_year
        with progress(quiet=json) as told:
            closed = work(system.exchange, scheme, period, by=OPERATOR.id, told=told)
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(FAILED) from None
    finally:
        system.close()
    values = {"scheme": closed.scheme, "period": closed.period, "state": str(closed.state), "digest": closed.digest}
    if json:
        print_json(values)
    else:
        console.print("  ".join(f"{name} {value}" for name, value in values.items()), highlight=False)


@app.command("disclose")
def disclose_(
    period: Period,
    scheme: Scheme = "resident",
    audience: Annotated[Audience, typer.Option("--audience", help="Who reads it.")] = Audience.PUBLIC,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to print to this file.")] = None,
    json: Json = False,
) -> None:
    """Show a period's figures for the supervisory board or the public; no person is named."""
    with usable(), _reading(Settings()) as store:
        found = disclose(store, scheme, period, audience)
    if html is not None:
        write_page(html, disclosure_page(found))
    if json:
        print_json(disclosure_values(found))
    elif html is None:
        print_report(found.report)
        listed = table("institution", "kind", "cases", "total", "fund", "account", numbers=("cases", "total", "fund"))
        for row in (*found.kinds, *found.institutions):
            amounts = (money.text(fen) for fen in (row.total, row.fund, row.account))
            listed.add_row(row.institution, row.kind, str(row.cases), *amounts)
        console.print(listed)


@app.command("centres")
def centres(period: Period, scheme: Scheme = "worker", json: Json = False) -> None:
    """Show what each community centre paid in and was paid, and what is left of its old deficit."""
    with usable(), _reading(Settings()) as store:
        lines = centre_report(store, scheme, period)
    if json:
        print_json(centre_values(lines))
    else:
        print_centres(lines, period)


@app.command("seal")
def seal(json: Json = False) -> None:
    """Seal what was booked since the last link of the hash chain, and note an anchor outside the database."""
    settings = Settings()
    with usable():
        clock = clock_of(settings)
        store = open_store_of(settings, clock=clock, read_only=False)
        try:
            added = store.seal()
            anchor = store.anchor(business_day(clock()))
        finally:
            store.close()
        if anchor is not None:
            append_anchor(settings.anchors_file, anchor)
    values = {"links": added, "anchor": anchor.hash if anchor else "", "number": anchor.number if anchor else 0}
    if json:
        print_json(values)
    else:
        console.print("  ".join(f"{name} {value}" for name, value in values.items()), highlight=False)


@contextmanager
def _reading(settings: Settings) -> Iterator[Store]:
    store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        yield store
    finally:
        store.close()


def _walked(store: Store, line: PostingLine) -> dict[str, Any]:
    origin = origin_of(store, line.cause)
    return {
        "booked on": line.booked_on.isoformat(),
        "account": CHART[Account(line.account)].number,
        "fund": line.fund,
        "party": line.party,
        "amount": money.text(line.fen),
        "origin": f"{origin.what}/{origin.id}",
        "messages": [f"{message.channel}/{message.id}" for message in origin.messages],
    }


@contextmanager
def _written(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        errors.print(f"文件写不了 / cannot be written: {out} ({error.strerror})", markup=False)
        raise typer.Exit(UNUSABLE) from None


def _lines(lines: Iterable[LedgerLine], file: TextIO, form: str) -> Iterator[LedgerLine]:
    """The lines, each written on its way."""
    rows = csv.writer(file, lineterminator="\n")
    if form == "csv":
        rows.writerow(LedgerLine._fields)
    for line in lines:
        if form == "csv":
            rows.writerow(line)
        else:
            file.write(msgspec.json.encode(line._asdict()).decode() + "\n")
        yield line
