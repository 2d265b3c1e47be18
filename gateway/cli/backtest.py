"""`gateway policy backtest`: what stored claims would have come to under a draft."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.output import UNUSABLE, console, errors, print_json, table, usable
from gateway.datasets.backtest.fold import Assignment, assignment_of
from gateway.datasets.backtest.rows import stored_rows
from gateway.datasets.backtest.run import run_here, run_pool
from gateway.datasets.backtest.totals import Group, Sums, Totals, overall
from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.policies.load import AreaPolicy, load_area
from gateway.store.store import Store
from gateway.system import Settings, clock_of, open_store_of

PAID_BY = {
    "fund": "funds 基金",
    "account": "account 账户",
    "institution_share": "institution 机构",
    "cash": "people 个人",
}
PAYERS = tuple(PAID_BY)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError:
        raise typer.BadParameter("a day is written 2015-03-09") from None


def backtest(
    policy: Annotated[
        Path, typer.Option("--policy", help="Folder of the draft (policy.yaml and, beside it, its catalogue).")
    ],
    from_on: Annotated[Any, typer.Option("--from", help="First deciding day, such as 2015-01-01.", parser=_day)],
    to_on: Annotated[Any, typer.Option("--to", help="Last deciding day.", parser=_day)],
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that decide; 1: this one alone.")] = 1,
    spark: Annotated[bool, typer.Option("--spark", help="On the Spark cluster of GATEWAY_SPARK_MASTER.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON; amounts in yuan as texts.")] = False,
) -> None:
    """Re-run the settlements in force of a span under a draft: difference for funds and people, by group.

    Nothing is written. Ends 0 whatever the differences, 2 when the draft or the database cannot be read.
    """
    if to_on < from_on:
        raise typer.BadParameter("the span ends before it begins", param_hint="--to")
    settings = Settings()
    with usable():
        draft = load_area(policy.resolve(), shared=settings.policies)
        _check_area(draft, settings)
        store = open_store_of(settings, clock=clock_of(settings), read_only=True)
        try:
            sums = _run(store, draft, assignment_of(draft, from_on=from_on, to_on=to_on), settings, workers, spark)
        finally:
            store.close()
    if json:
        print_json(_values(draft, from_on, to_on, sums))
    else:
        _print(sums)


def _run(
    store: Store, draft: AreaPolicy, assignment: Assignment, settings: Settings, workers: int, spark: bool
) -> Sums:
    rows = stored_rows(store, draft.policy.scheme, from_on=assignment.from_on, to_on=assignment.to_on)
    if spark:
        return _run_spark(rows, assignment, settings)
    return run_here(rows, assignment) if workers == 1 else run_pool(rows, assignment, workers=workers)


def _run_spark(rows: Any, assignment: Assignment, settings: Settings) -> Sums:
    try:
        from gateway.datasets.backtest.spark import run_spark
    except ImportError:
        errors.print(
            "未安装 Spark / Spark is not installed: pip install 'medical-insurance-gateway[spark]'", markup=False
        )
        raise typer.Exit(UNUSABLE) from None
    return run_spark(rows, assignment, master=settings.spark_master, folder=settings.spark_folder)


def _check_area(draft: AreaPolicy, settings: Settings) -> None:
    if draft.policy.area != settings.area:
        raise Refusal(
            Problem(
                Kind.INVALID,
                "other-area",
                "area",
                f"the draft is of area {draft.policy.area}, the database of {settings.area}: set GATEWAY_AREA",
                f"草案属于统筹区 {draft.policy.area},数据库属于 {settings.area}:请设置 GATEWAY_AREA",
            )
        )


def _values(draft: AreaPolicy, from_on: date, to_on: date, sums: Sums) -> dict[str, Any]:
    return {
        "policy": draft.policy.id,
        "version": draft.policy.version,
        "from": from_on.isoformat(),
        "to": to_on.isoformat(),
        "groups": [{**group._asdict(), **_amounts(totals)} for group, totals in sums.items()],
        "all": _amounts(overall(sums)),
    }


def _amounts(totals: Totals) -> dict[str, Any]:
    found: dict[str, Any] = {"claims": totals.claims, "refused": totals.refused, "total": money.text(totals.total)}
    for name in PAYERS:
        for when, payers in (("before", totals.before), ("after", totals.after), ("difference", totals.difference)):
            found[f"{name}_{when}"] = money.text(getattr(payers, name))
    return found


def _print(sums: Sums) -> None:
    """A block a group: funds and people always, accounts and institutions where they bear anything."""
    numbers = ("claims", "refused", "before", "after", "difference")
    made = table("group", "claims", "refused", "paid by", *numbers[2:], numbers=numbers)
    everything = Group("全部 all", "", "")
    for group, totals in (*sums.items(), (everything, overall(sums))):
        cells: tuple[str, ...] = (" ".join(filter(None, group)), str(totals.claims), str(totals.refused))
        for name in PAYERS:
            amounts = [getattr(payers, name) for payers in (totals.before, totals.after, totals.difference)]
            if name in ("fund", "cash") or any(amounts):
                made.add_row(*cells, PAID_BY[name], *map(money.text, amounts))
                cells = ("",) * len(cells)
        made.add_section()
    console.print(made)
