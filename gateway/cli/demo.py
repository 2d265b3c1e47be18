"""`gateway demo`: the simulated day, or month, shown to a person or checked by a program."""

from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.demo_month import month_values, print_month
from gateway.cli.explain import print_explanation
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
)
from gateway.demo.bad_input import BAD_INPUT
from gateway.demo.day import Day, run_day
from gateway.demo.expected import COUNTS
from gateway.demo.home import HOME, HomeError
from gateway.demo.month.month import HOME as MONTH_HOME
from gateway.demo.month.month import Month, run_month
from gateway.kernel import money
from gateway.ledger.accounts import TITLES_ZH, Account


def demo(
    check: Annotated[bool, typer.Option("--check", help="End 1 on any difference from what is expected.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    month: Annotated[
        bool, typer.Option("--month", help="Play a month instead: clearing, payment, closed books.")
    ] = False,
    home: Annotated[Path | None, typer.Option("--home", help="Folder for the data; emptied first.")] = None,
) -> None:
    """Play the simulated day: people, contributions, visits, scenarios and bad input through real sockets.

    With --month a month: money along the two lines, care paid by five methods, closing, clearing, payment, statements.
    Ends 0, with --check 1 on any difference, 2 when the folder cannot be used.
    """
    if month:
        played = play_month(home or MONTH_HOME, quiet=json)
        differences = played.differences()
        values, show = partial(month_values, played, differences), partial(print_month, played)
    else:
        day = play_day(home or HOME, quiet=json)
        differences = day.differences()
        values, show = partial(day_values, day, differences), partial(print_day, day)
    if json:
        print_json(values())
    else:
        show()
    for difference in differences:
        errors.print(f"differs: {difference}", style="red", markup=False, highlight=False)
    if check and differences:
        raise typer.Exit(FAILED)


def play_day(home: Path, *, quiet: bool) -> Day:
    """Run the day with its progress shown, unless quiet; the command ends with 2 when the folder cannot be used."""
    try:
        with usable(), progress(quiet=quiet) as told:
            return run_day(home, told)
    except HomeError as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(UNUSABLE) from None


def play_month(home: Path, *, quiet: bool) -> Month:
    """The same with the month."""
    try:
        with usable(), progress(quiet=quiet) as told:
            return run_month(home, told)
    except HomeError as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(UNUSABLE) from None


def day_values(day: Day, differences: list[str]) -> dict[str, Any]:
    """The day as one JSON value; every amount in fen."""
    names = sorted(COUNTS.keys() | day.counts.keys())
    return {
        "ok": not differences,
        "differences": differences,
        "scenarios": [{**asdict(each), "ok": each.ok} for each in day.scenarios],
        "counts": {name: _counted(COUNTS.get(name, 0), day.counts.get(name, 0)) for name in names},
        "claims": [asdict(claim) for claim in day.claims],
        "trial_balance": day.trial_balance,
        "ledger_imbalance": day.imbalance,
        "readable_in_files": day.readable,
        "verify": {
            "ok": not day.verification.problems,
            "counts": day.verification.counts,
            "problems": problem_values(day.verification.problems),
        },
    }


def _counted(expected: int, actual: int) -> dict[str, Any]:
    return {"expected": expected, "actual": actual, "ok": expected == actual}


def print_day(day: Day) -> None:
    """What came in, what was decided, the scenarios, one claim line by line, the funds, and the recount."""
    _print_arrivals(day)
    _print_decisions(day)
    _print_scenarios(day)
    if day.explained is not None:
        console.rule("one claim line by line 逐行说明")
        print_explanation(day.explained)
    _print_funds(day)
    print_problems(day.verification.problems)
    recounted = ", ".join(f"{name} {number}" for name, number in day.verification.counts.items())
    console.print(f"recounted: {recounted}", highlight=False)
    console.print("verify: clean" if not day.verification.problems else "verify: differences")


def _print_arrivals(day: Day) -> None:
    shown = table("channel", "messages", "of them repeats", "settlements", title="What came in 收到的报文")
    for channel in ("police", "bank", "nhsa", "hl7v2", "fhir"):
        names = (f"messages sent by {channel}", f"repeats by {channel}", f"settlements by {channel}")
        shown.add_row(channel, *(str(day.counts.get(name, 0)) for name in names))
    console.print(shown)
    told = (
        "people",
        "covered",
        "contributions",
        "visits",
        "messages answered",
        "messages refused",
        "messages rejected",
    )
    console.print(", ".join(f"{name} {day.counts.get(name, 0)}" for name in told), highlight=False)


def _print_decisions(day: Day) -> None:
    shown = table("channel", "institution", "settlements", "total", "fund", "person", title="What was decided 结算结果")
    sums: dict[tuple[str, str], Counter[str]] = {}
    for claim in day.claims:
        row = sums.setdefault((claim.channel, claim.institution), Counter())
        row["settlements"] += -1 if claim.cancels else 1
        row["total"] += claim.total
        row["fund"] += sum(claim.funds.values())
        row["person"] += claim.account + claim.cash
    for (channel, institution), row in sorted(sums.items()):
        amounts = [money.text(row[name]) for name in ("total", "fund", "person")]
        shown.add_row(channel, institution, str(row["settlements"]), *amounts)
    console.print(shown)


def _print_scenarios(day: Day) -> None:
    shown = table("", "scenario", "message key", "outcome", title="Scenarios 场景")
    bad = table(
        "", "bad input", "answered with", title="Bad input 错误报文: answered, kept with its reason, nothing changed"
    )
    for each in day.scenarios:
        mark = "ok" if each.ok else "FAIL"
        if each.ok and each.name.startswith(BAD_INPUT):
            bad.add_row(mark, each.name.removeprefix(BAD_INPUT), each.actual.partition(";")[0])
        else:
            said = each.actual if each.ok else f"{each.actual} (expected: {each.expected})"
            shown.add_row(mark, each.name, each.key, said)
    console.print(shown)
    console.print(bad)


def _print_funds(day: Day) -> None:
    shown = table("account", "科目", "debit", "credit", title="Balances of the funds 基金科目余额")
    for name, fen in day.trial_balance.items():
        title = TITLES_ZH[Account(name.rpartition("/")[2])]
        debit, credit = (money.text(fen), "") if fen >= 0 else ("", money.text(-fen))
        shown.add_row(name, title, debit, credit)
    shown.add_row("sum", "合计", money.text(day.imbalance), "")
    console.print(shown)
