"""`gateway payment`: how institutions are paid: check the cases, explain them, try a method on a year's claims."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.cli.output import FAILED, console, errors, print_json, table, usable
from gateway.datasets.payment_figures import SUMS, write_assessment
from gateway.datasets.simulation import Compared, Simulation, simulate, whole_year
from gateway.datasets.simulation_rows import Seen, booked_cases, decided_cases, file_cases
from gateway.kernel import money
from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Kind, Problem, refuse_if
from gateway.payment.assessment import Assessment
from gateway.payment.figure import number_text
from gateway.payment.payment import Payment
from gateway.policies.load import AreaPolicy, load_all
from gateway.policies.nodes import read_yaml
from gateway.policies.payment_cases import assessed, payment_case_files, read_payment_case_file, run_payment_cases
from gateway.policies.read_payment import read_payment
from gateway.system import Settings, clock_of, open_store_of

app = typer.Typer(
    name="payment", help="How institutions are paid: check, explain, simulate a method.", no_args_is_help=True
)

_AT_ONCE = 1_000


def _year(text: str) -> str:
    if len(text) != 4 or not (text.isascii() and text.isdigit()) or text == "0000":
        raise typer.BadParameter("a year is written 2015")
    return text


@app.command("check")
def check(
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line for each case.")] = False,
) -> None:
    """Load every payment file with all its problems, and run all its cases.

    Prints `ok case` or `FAIL case field expected actual method`. Ends 0, 1 when a case differs, 2 when a file cannot be
    read.
    """
    with usable():
        book = load_all(Settings().policies)
        results = [result for file in payment_case_files(book) for result in run_payment_cases(file, book)]
    for each in results:
        if json:
            found = [asdict(one) for one in each.differences]
            typer.echo(msgspec.json.encode({"case": each.case, "ok": each.ok, "differences": found}))
        else:
            typer.echo(each.line)
    if not all(each.ok for each in results):
        raise typer.Exit(FAILED)


@app.command("explain")
def explain(
    file: Annotated[Path, typer.Argument(help="A payment case file (YAML).")],
    case: Annotated[str | None, typer.Option("--case", help="Only the case of this name.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain the cases of a file, whatever they expect: what is due, each figure, the rules it comes from.

    Ends 0, 1 when there is no such case, 2 when the file cannot be read.
    """
    with usable():
        cases = read_payment_case_file(file, load_all(Settings().policies))
    written = [each for each in cases if case in (None, each.name)]
    if not written:
        errors.print(f"没有该案例 / no such case: {case}", markup=False)
        raise typer.Exit(FAILED)
    found = [(each.name, assessed(each)) for each in written]
    if json:
        print_json([{"case": name, "assessments": list(map(write_assessment, told.values()))} for name, told in found])
        return
    for name, told in found:
        console.print(f"\n{name}", style="bold", markup=False, highlight=False)
        for one in told.values():
            print_assessment(one)


@app.command("simulate")
def simulate_(
    method: Annotated[str, typer.Option("--method", help="A draft payment file, or the id of an agreement.")],
    year: Annotated[Any, typer.Option("--year", help="The year whose claims are taken, such as 2015.", parser=_year)],
    area: Annotated[str, typer.Option("--area", help="Area code; by default that of the settings.")] = "",
    scheme: Annotated[str, typer.Option("--scheme", help="resident or worker.")] = "resident",
    against: Annotated[str, typer.Option("--against", help="current, or as --method.")] = "current",
    care: Annotated[Path | None, typer.Option("--care", help="Take the cases from a file of JSON lines.")] = None,
    regroup: Annotated[bool, typer.Option("--regroup", help="Group the stored claims anew, by each payment.")] = False,
    explain: Annotated[str, typer.Option("--explain", help="Also explain this institution's simulated year.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON; amounts in yuan as texts.")] = False,
) -> None:
    """Try a method on a year's claims: due as settled, as compared with, as simulated, by institution. Writes nothing.

    Ends 0 whatever the differences, 1 when the institution to explain is not there, 2 when something cannot be read.
    """
    settings = Settings()
    with usable():
        policy = _area(settings, area or settings.area, scheme, stored=care is None)
        draft, current = _payment(policy, method), _payment(policy, against)
        found = _run(settings, policy, year, current, draft, care, regroup)
    told = found.simulated.get(explain)
    if explain and told is None:
        errors.print(f"没有该机构 / no such institution in the year: {explain}", markup=False)
        raise typer.Exit(FAILED)
    if json:
        print_json(_values(policy, found, method, against, told))
        return
    _print(found)
    if told is not None:
        print_assessment(told)


def _run(
    settings: Settings,
    policy: AreaPolicy,
    year: str,
    against: Payment,
    draft: Payment,
    care: Path | None,
    regroup: bool,
) -> Simulation:
    if care is not None:
        cases = _shown(file_cases(care))
        return simulate(cases, area=policy, year=year, against=against, simulated=draft)
    store = open_store_of(settings, clock=clock_of(settings), read_only=True)
    try:
        cases = _shown((decided_cases if regroup else booked_cases)(store, policy.policy.scheme, year))
        return simulate(cases, area=policy, year=year, against=against, simulated=draft)
    finally:
        store.close()


def _shown(cases: Iterable[Seen]) -> Iterator[Seen]:
    """The cases, counted on the error stream while a person watches."""
    columns = (TextColumn("病例 cases"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("cases", total=None)
        for number, each in enumerate(cases, 1):
            yield each
            if number % _AT_ONCE == 0:
                progress.update(task, completed=number)


def _area(settings: Settings, area: str, scheme: str, *, stored: bool) -> AreaPolicy:
    """The area's policy. Refusal: it has no payment file, or the database is another area's."""
    found = load_all(settings.policies).of(AreaCode(area), scheme)
    problems = [_no_payment(area, scheme)] if found is None or found.payment is None else []
    if stored and area != settings.area:
        problems.append(_other_area(area, settings.area))
    refuse_if(problems)
    assert found is not None, "what has no problem is there"
    return found


def _payment(area: AreaPolicy, named: str) -> Payment:
    """`current`, a draft file, or one agreement of the area for the whole year."""
    assert area.payment is not None, "the area was found with a payment file"
    if named == "current":
        return area.payment
    file = Path(named)
    if not file.is_file():
        return whole_year(area.payment, named)
    problems: list[Problem] = []
    spot = read_yaml(file, file.name, problems)
    refuse_if(problems)
    assert spot is not None, "a file without problems was read"
    draft = read_payment(spot, policy=f"{area.policy.id} draft", levels=area.policy.levels)
    refuse_if(problems)
    return draft


def _no_payment(area: str, scheme: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-payment",
        "area",
        f"no policy folder of {area} {scheme} has a payment.yaml: name another area or scheme, or write the file",
        f"统筹区 {area} 险种 {scheme} 没有 payment.yaml:请换统筹区或险种,或补写该文件",
    )


def _other_area(area: str, stored: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "other-area",
        "area",
        f"the database is of area {stored}, not {area}: set GATEWAY_AREA, or take cases from a file with --care",
        f"数据库属于统筹区 {stored},不是 {area}:请设置 GATEWAY_AREA,或用 --care 从文件取病例",
    )


def _values(
    policy: AreaPolicy, found: Simulation, method: str, against: str, told: Assessment | None
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "area": policy.policy.area,
        "scheme": policy.policy.scheme,
        "year": found.year,
        "method": method,
        "against": against,
        "institutions": [{"institution": each.institution, **_amounts(each)} for each in found.compared],
        "all": _amounts(found.whole),
    }
    return values if told is None else {**values, "explained": write_assessment(told)}


def _amounts(each: Compared) -> dict[str, Any]:
    return {
        "cases": each.cases,
        "fee_for_service": money.text(each.fee_for_service),
        "against": money.text(each.against),
        "simulated": money.text(each.simulated),
        "difference": money.text(each.difference),
    }


def _print(found: Simulation) -> None:
    columns = ("cases", "as settled", "against", "simulated", "difference")
    made = table("institution", *columns, numbers=columns)
    for each in found.compared:
        made.add_row(each.institution, *map(str, _amounts(each).values()))
    made.add_section()
    made.add_row("全部 all", *map(str, _amounts(found.whole).values()))
    console.print(made)


def print_assessment(assessment: Assessment) -> None:
    """An assessment as tables: its sums, then each figure with arithmetic and rule; then the words the rules cite."""
    console.print(f"{assessment.institution}  {assessment.period}", highlight=False, markup=False)
    sums = table(*SUMS, numbers=SUMS)
    sums.add_row(*(money.text(getattr(assessment, name)) for name in SUMS))
    console.print(sums)
    shown = table("figure", "amount", "arithmetic", "rule", numbers=("amount",))
    for figure in assessment.all_figures:
        amount = number_text(figure.amount, figure.unit)
        shown.add_row(f"{figure.zh} / {figure.en}", amount, figure.arithmetic, figure.rule)
    console.print(shown, markup=False)
    cited = dict.fromkeys((each.rule, each.source, each.reading) for each in assessment.all_figures)
    for rule, source, reading in cited:
        words = " — ".join(filter(None, (f"“{source}”" if source else "", reading)))
        console.print(f"{rule}: {words}", highlight=False, markup=False)
