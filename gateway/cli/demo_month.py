"""What `gateway demo --month` prints: payments with their arithmetic, statements, findings, and what ties to what."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from gateway.cli.ledger_tables import print_centres, print_report, print_trial_balance, trial_values
from gateway.cli.output import console, print_problems, problem_values, table
from gateway.datasets.books.statements import Report, report_values
from gateway.demo.month.expected import COUNTS
from gateway.demo.month.month import Month
from gateway.demo.month.places import CENTRE_SCHEME, MONTH
from gateway.demo.month.ties import Tie
from gateway.kernel import money
from gateway.payment.methods import METHODS
from gateway.store.values import Verification


def month_values(month: Month, differences: list[str]) -> dict[str, Any]:
    """The month as one JSON value; amounts as text in yuan."""
    names = sorted(COUNTS.keys() | month.counts.keys())
    return {
        "ok": not differences,
        "differences": differences,
        "scenarios": [{**asdict(each), "ok": each.ok} for each in month.scenarios],
        "ties": [_tie_values(each) for each in month.ties],
        "counts": {name: {"expected": COUNTS.get(name, 0), "actual": month.counts.get(name, 0)} for name in names},
        "clearings": month.clearings,
        "payments": month.payments,
        "findings": month.findings,
        "statements": [
            {**report_values(each), "trial": trial_values(each)} for each in (*month.reports, month.centre.report)
        ],
        "centre": [line._asdict() for line in month.centre.lines],
        "anchors": month.anchors,
        "readable_in_files": month.readable,
        "verify": _verify_values(month.verification),
        "verify_centre": _verify_values(month.centre.verification),
    }


def print_month(month: Month) -> None:
    """Everything in the order in which it happened."""
    _print_scenarios(month)
    _print_methods(month)
    _print_clearings(month)
    _print_payments(month)
    _print_findings(month)
    first, *_ = month.reports
    console.rule(f"{MONTH} 收支与资产负债 / statements")
    print_report(_shortened(first))
    print_trial_balance(first)
    console.rule("社区卫生服务结算中心 / community settlement centre")
    print_centres(month.centre.lines, MONTH)
    print_report(replace(month.centre.report, sheets=month.centre.report.sheets[:1]))
    _print_ties(month)
    for name, found in (("ledger", month.verification), (f"ledger {CENTRE_SCHEME}", month.centre.verification)):
        counted = ", ".join(f"{what} {number}" for what, number in found.counts.items())
        console.print(f"{name}: {counted}", highlight=False)
        print_problems(found.problems)
        console.print(f"{name}: clean" if not found.problems else f"{name}: {len(found.problems)} differences")


def _shortened(made: Report) -> Report:
    """Where a scheme has one fund, its own statements are those of the scheme."""
    if len(made.income) > 2:
        return made
    return replace(made, income=made.income[:1], sheets=made.sheets[:1])


def _print_scenarios(month: Month) -> None:
    shown = table("", "scenario", "key", "outcome", title="Scenarios 场景")
    for each in month.scenarios:
        said = each.actual if each.ok else f"{each.actual} (expected: {each.expected})"
        shown.add_row("ok" if each.ok else "FAIL", each.name, each.key, said if len(said) < 90 else "as expected")
    console.print(shown)


def _print_methods(month: Month) -> None:
    numbers = ("as settled", "due")
    title = f"各付费方式应付 / what each method makes due, {MONTH}"
    shown = table("institution", "method", *numbers, "arithmetic", numbers=numbers, title=title)
    worked = {(each.institution, each.terms): each.arithmetic for each in month.worked}
    for code, assessment in sorted(month.assessments.items()):
        for item in assessment["items"]:
            names = METHODS[item["method"]].title
            amounts = (money.text(item[name]) for name in ("fee_for_service", "due"))
            shown.add_row(code, f"{names.zh} {names.en}", *amounts, worked.get((code, item["terms"]), ""))
    console.print(shown)


def _print_clearings(month: Month) -> None:
    names = ("owed", "adjustment", "advance", "deposit", "deducted", "payable")
    shown = table("institution", "state", *names, numbers=names, title=f"清算 / clearings, {MONTH}")
    for each in month.clearings:
        for share in each["shares"]:
            shown.add_row(each["institution"], each["state"], *(str(share[name]) for name in names))
    shown.add_row("sum 合计", "", *(_sum(month, name) for name in names), style="bold")
    console.print(shown)


def _sum(month: Month, name: str) -> str:
    shares = (share for each in month.clearings for share in each["shares"])
    return money.text(sum(money.of(share[name]) for share in shares))


def _print_payments(month: Month) -> None:
    shown = table("EndToEndId", "institution", "amount", "state", "bank", numbers=("amount",), title="付款 / payments")
    for each in sorted(month.payments, key=lambda each: (each["file"], each["institution"])):
        bank = ", ".join(_word(what, word) for what, word in each["bank"].items())
        shown.add_row(each["id"], each["institution"], str(each["amount"]), each["state"], bank)
    console.print(shown)


def _word(what: str, word: Mapping[str, str]) -> str:
    return " ".join(part for part in (what, word["day"], word["reference"], word["reason"]) if part)


def _print_findings(month: Month) -> None:
    shown = table("day", "class", "about", "state", "how it ended", title="差异 / findings")
    for each in sorted(month.findings, key=lambda each: (each["day"], each["class"], each["reference"])):
        ended = "; ".join(f"{step['action']} ({step['by']}): {step['why']}" for step in each["steps"])
        shown.add_row(each["day"], each["class"], each["reference"], each["state"], ended)
    console.print(shown)


def _print_ties(month: Month) -> None:
    figures = [each for each in month.ties if each.kind == "figure"]
    shown = table(
        "", "what must agree", "one side", "the other", numbers=("one side", "the other"), title="核对 / ties"
    )
    for each in month.ties:
        if each.kind != "figure" or not each.ok:
            shown.add_row("ok" if each.ok else "FAIL", each.name, money.text(each.one), money.text(each.other))
    console.print(shown)
    agreed = sum(1 for each in figures if each.ok)
    console.print(f"{agreed} of {len(figures)} figures of the statements are the sums of their postings 分录加总一致")


def _tie_values(tie: Tie) -> dict[str, Any]:
    sides = {"one": money.text(tie.one), "other": money.text(tie.other)}
    return {"kind": tie.kind, "name": tie.name, **sides, "ok": tie.ok}


def _verify_values(found: Verification) -> dict[str, Any]:
    return {"ok": not found.problems, "counts": found.counts, "problems": problem_values(found.problems)}
