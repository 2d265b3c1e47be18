"""A method tried on a year's claims: from the books of both databases, from a file, and what the command prints."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.datasets.simulation import as_settled, simulate, whole_year
from gateway.datasets.simulation_rows import Diagnosed, Seen, booked_cases, decided_cases, file_cases
from gateway.kernel.problem import Refusal
from gateway.payment.payment import Payment
from gateway.policies.load import AreaPolicy, load_all
from gateway.store.store import Store
from tests.bench.world import environment
from tests.unit.datasets.conftest import settle_a_year
from tests.unit.exchange.town import CITY_CODE, TOWNSHIP_CODE, open_town
from tests.unit.payment.world import case

BOOK = load_all()
AREA = BOOK.policies["321182-resident"]
MODERN = BOOK.policies["100000-modern"]


def paying(area: AreaPolicy) -> Payment:
    assert area.payment is not None
    return area.payment


def test_the_books_of_a_year_under_the_area_s_terms(store: Store) -> None:
    settle_a_year(open_town(store))
    against, simulated = as_settled(paying(AREA)), paying(AREA)

    found = simulate(
        booked_cases(store, "resident", "2015"), area=AREA, year="2015", against=against, simulated=simulated
    )

    by_code = {each.institution: each for each in found.compared}
    assert by_code[CITY_CODE].cases == 9
    assert by_code[TOWNSHIP_CODE].cases == 3
    assert by_code[CITY_CODE].against == by_code[CITY_CODE].fee_for_service > 0
    # nine stays at 4800.00 against what they cost the fund: 80 % of the overspend is deducted
    over = by_code[CITY_CODE].fee_for_service - 9 * 480_000
    assert by_code[CITY_CODE].difference == -((over * 8_000 * 2 + 10_000) // 20_000)
    assert found.whole.difference == sum(each.difference for each in found.compared)
    assert found.whole.cases == 12


def test_stored_claims_grouped_anew_are_the_same_money(store: Store) -> None:
    settle_a_year(open_town(store))
    settled = as_settled(paying(AREA))

    booked, decided = (
        simulate(rows(store, "resident", "2015"), area=AREA, year="2015", against=settled, simulated=settled)
        for rows in (booked_cases, decided_cases)
    )

    assert booked.whole == decided.whole
    assert booked.whole.difference == 0


def test_each_payment_groups_a_diagnosed_case_by_its_own_groups() -> None:
    code = "H10000000001"
    one = case(institution=code, total=800_000, fund=600_000, booked_on=date(2021, 3, 9), case_group="")
    seen = [Seen(one, Diagnosed(("J18.900",), 40, one.booked_on))]
    payment = paying(MODERN)

    found = simulate(seen, area=MODERN, year="2021", against=as_settled(payment), simulated=payment)

    (mine,) = [each for each in found.compared if each.institution == code]
    # 0.9 * 9000.00 - (8000.00 - 6000.00)
    assert (mine.against, mine.simulated) == (600_000, 610_000)


def test_cases_of_other_years_are_passed_over_and_the_order_changes_nothing() -> None:
    care = [case(booked_on=date(2015, month, 1), fund=70_000 + month) for month in range(1, 13)]
    strange = [case(booked_on=date(2014, 12, 31)), case(booked_on=date(2016, 1, 1))]
    payment = paying(AREA)

    one, other = (
        simulate([Seen(each) for each in listed], area=AREA, year="2015", against=payment, simulated=payment)
        for listed in (care, [*strange, *reversed(care)])
    )

    assert one == other


def test_one_agreement_holds_for_the_whole_year_and_before_all_others() -> None:
    payment = paying(MODERN)

    assert whole_year(payment, "drg-2022").terms[0].id == "drg-2022"
    assert whole_year(payment, "drg-2022").terms[0].hold_on(date(2021, 1, 1))
    assert whole_year(payment, "fee-for-service").terms == ()
    with pytest.raises(Refusal) as refused:
        whole_year(payment, "magic")
    assert refused.value.problems[0].code == "no-such-terms"


ROW = {
    "institution": "H10000000001",
    "kind": "inpatient",
    "total": "8000.00",
    "fund": "6000.00",
    "booked_on": "2021-03-09",
}


def line(**changed: Any) -> bytes:
    return msgspec.json.encode({**ROW, **changed}) + b"\n"


@pytest.mark.parametrize(
    "bad",
    [
        b"{\n",
        b"[]\n",
        line(kind="stay"),
        line(fund="6000.001"),
        line(fund="-1.00"),
        line(fund="8000.01"),
        line(booked_on="2021-02-30"),
        line(sign=0),
        line(days=-1),
        line(colour="red"),
        line(total=8000),
    ],
)
def test_a_line_that_is_no_case_is_refused_with_its_number(tmp_path: Path, bad: bytes) -> None:
    file = tmp_path / "care.jsonl"
    file.write_bytes(line() + b"\n" + bad)

    with pytest.raises(Refusal) as refused:
        list(file_cases(file))
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("care-row", "care.jsonl:3")


def test_a_line_of_an_institution_that_cannot_be_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "care.jsonl"
    file.write_bytes(line(institution="X"))

    with pytest.raises(Refusal) as refused:
        list(file_cases(file))
    assert refused.value.problems[0].code == "institution-code"


Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `gateway payment …` with settings by keyword."""

    def run(*arguments: str, **settings: Any) -> Result:
        named = {f"GATEWAY_{name.upper()}": str(value) for name, value in settings.items()}
        plain = {name: None for name in environment(tmp_path) if name.startswith("GATEWAY_")}
        return CliRunner().invoke(app, ["payment", *arguments], env={**plain, "COLUMNS": "200", **named})

    return run


@pytest.fixture
def care(tmp_path: Path) -> Path:
    file = tmp_path / "care.jsonl"
    file.write_bytes(
        line(diagnoses=["J18.900"], age=40, days=7) + line(kind="outpatient", total="100.00", fund="60.00")
    )
    return file


WHERE = ("--area", "100000", "--scheme", "worker", "--year", "2021")


def test_simulate_prints_a_table_and_json(command: Command, care: Path) -> None:
    asked = ("simulate", *WHERE, "--care", str(care), "--method", "drg-2021", "--against", "fee-for-service")
    shown, told = command(*asked), command(*asked, "--json", "--explain", "H10000000001")

    assert (shown.exit_code, told.exit_code) == (0, 0), shown.output + told.output
    assert "6160.00" in shown.stdout
    values = msgspec.json.decode(told.stdout)
    assert values["all"] == {
        "cases": 2,
        "fee_for_service": "6060.00",
        "against": "6060.00",
        "simulated": "6160.00",
        "difference": "100.00",
    }
    assert [item["due"] for item in values["explained"]["items"]] == ["6100.00", "60.00"]


def test_simulate_takes_a_draft_file(command: Command, care: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        "groups: [{from: 2021-01-01, reading: 示范, groups: [{code: L1, zh: 肺, en: lung, diagnoses: [J]}]}]\n"
        "terms:\n  - {id: lung, title: {zh: 肺, en: lung}, method: per-disease, from: 2021-01-01, reading: 示范,\n"
        '     parameters: {prices: {L1: "7000.00"}, pays: fund}}\n',
        "utf-8",
    )

    told = command("simulate", *WHERE, "--care", str(care), "--method", str(draft), "--json")

    assert told.exit_code == 0, told.output
    assert msgspec.json.decode(told.stdout)["all"]["simulated"] == "7060.00"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("--method", "magic"), 2, "no-such-terms"),
        (("--method", "drg-2021", "--area", "999999"), 2, "no-payment"),
        (("--method", "drg-2021", "--explain", "H99999999999"), 1, "H99999999999"),
        (("--method", "drg-2021", "--care", "nowhere.jsonl"), 2, "care-file"),
        (("--method", "drg-2021", "--year", "15"), 2, "2015"),
    ],
)
def test_simulate_says_what_to_send_instead(
    command: Command, care: Path, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = command("simulate", *WHERE, "--care", str(care), *arguments)

    assert result.exit_code == exit_code
    assert said in result.output


def test_simulate_needs_the_area_of_the_database(command: Command) -> None:
    result = command("simulate", *WHERE, "--method", "drg-2021", area="321182")

    assert result.exit_code == 2
    assert "other-area" in result.output


def test_check_runs_every_case_and_explain_shows_one(command: Command) -> None:
    checked, told = command("check"), command("check", "--json")

    assert (checked.exit_code, told.exit_code) == (0, 0)
    assert "FAIL" not in checked.stdout
    assert all(msgspec.json.decode(each)["ok"] for each in told.stdout.splitlines())
    file = str(AREA.folder / "payment-cases" / "average-cost.yaml")
    shown = command("explain", file, "--case", "savings are rewarded")
    assert shown.exit_code == 0, shown.output
    assert "savings rewarded" in shown.stdout
    values = msgspec.json.decode(command("explain", file, "--json").stdout)
    figures = {each["code"]: each for each in values[1]["assessments"][0]["items"][0]["figures"]}
    assert figures["rewarded"]["arithmetic"] == "(48000.00 − 40000.00) × 50 % × 考核 100 % = 4000.00"
    assert len(values) >= 5
    assert command("explain", file, "--case", "nowhere").exit_code == 1
