"""`gateway explain` and `gateway policy explain, diff, backtest`: what they print and how they end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.policies.load import SHIPPED, load_area
from tests.bench.world import environment
from tests.unit.datasets.conftest import RESIDENT, Draft, Home, settle

Command = Callable[..., Result]
WORKED = str(SHIPPED / RESIDENT / "cases" / "worked-examples.yaml")
SPAN = ("--from", "2015-01-01", "--to", "2015-12-31")


@pytest.fixture
def command(home: Home, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command line against the home, in process."""
    for name, value in environment(home.folder).items():
        if name.startswith("GATEWAY_"):
            monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture(scope="module")
def settled(home: Home) -> str:
    settle(home.town, home.town.resident(301), "4321.09", number=302, day="2015-03-09", township=True)
    return settle(home.town, home.town.resident(302), "32680.45", number=301, day="2015-03-09")


def value(ended: Result) -> Any:
    return msgspec.json.decode(ended.stdout)


def test_explain_writes_a_page(command: Command, settled: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    ended = command("explain", settled, "--html", str(page))
    both = command("explain", settled, "--html", str(page), "--json")

    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "¥12,263.16" in page.read_text("utf-8")
    assert value(both)["summary"]["cash"] == "12263.16"


def test_explain_shows_payers_lines_steps_and_rules(command: Command, settled: str) -> None:
    ended = command("explain", settled)

    assert ended.exit_code == 0
    for said in ("12263.16", "起付线", "deductible", "14417.29"):
        assert said in ended.stdout


def test_a_page_that_cannot_be_written_ends_2(command: Command, settled: str, tmp_path: Path) -> None:
    assert command("explain", settled, "--html", str(tmp_path / "no" / "page.html")).exit_code == 2


def test_policy_explain_tells_every_case_of_a_file(command: Command) -> None:
    ended = command("policy", "explain", WORKED, "--json")

    assert ended.exit_code == 0
    told = value(ended)
    assert len(told) >= 6
    assert all(each["figures"] and each["summary"] for each in told)


def test_policy_explain_of_one_case(command: Command, tmp_path: Path) -> None:
    name = value(command("policy", "explain", WORKED, "--json"))[0]["case"]
    page = tmp_path / "case.html"

    shown = command("policy", "explain", WORKED, "--case", name)
    written = command("policy", "explain", WORKED, "--case", name, "--html", str(page))

    assert (shown.exit_code, written.exit_code) == (0, 0)
    assert name in shown.stdout
    assert name in page.read_text("utf-8")
    assert command("policy", "explain", WORKED, "--case", "no such case").exit_code == 1
    assert command("policy", "explain", WORKED, "--html", str(page)).exit_code == 2
    assert command("policy", "explain", str(tmp_path / "nothing.yaml")).exit_code == 2


def test_policy_explain_says_why_a_case_is_refused(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "refused.yaml"
    file.write_text(
        f"- case: long ago\n  policy: {RESIDENT}\n"
        "  claim: {kind: inpatient, institution: township, from: 2008-01-01, lines: [{amount: '1.00', class: A}]}\n"
        "  expect: {refused: no-policy-in-force}\n",
        encoding="utf-8",
    )

    [told] = value(command("policy", "explain", str(file), "--json"))

    assert [problem["code"] for problem in told["refused"]] == ["no-policy-in-force"]
    assert command("policy", "explain", str(file)).exit_code == 0


def test_diff_ends_0_when_nothing_differs(command: Command, draft: Draft) -> None:
    same = str(draft("id: ", "id: "))
    kept = f"{RESIDENT}@{load_area(SHIPPED / RESIDENT).policy.version}"

    assert command("policy", "diff", RESIDENT, same).exit_code == 0
    assert command("policy", "diff", same, kept).exit_code == 0
    assert value(command("policy", "diff", kept, kept, "--json"))["equal"] is True


def test_diff_ends_1_and_tells_what_differs(command: Command, draft: Draft) -> None:
    changed = str(draft('      value: "0.85"', '      value: "0.90"'))

    shown = command("policy", "diff", RESIDENT, changed)
    told = command("policy", "diff", RESIDENT, changed, "--json")

    assert (shown.exit_code, told.exit_code) == (1, 1)
    assert "township_rate" in shown.stdout
    assert value(told)["changes"] == [
        {
            "section": "parameters",
            "path": "township_rate",
            "from_on": "2013-01-01",
            "to_on": "2015-12-31",
            "before": "0.85",
            "after": "0.90",
        }
    ]


@pytest.mark.parametrize("named", ["no-such-folder", f"{RESIDENT}@{'0' * 64}", f"other@{'0' * 64}"])
def test_diff_of_what_cannot_be_read_ends_2(command: Command, named: str) -> None:
    assert command("policy", "diff", RESIDENT, named).exit_code == 2


def test_backtest_of_the_same_policy_differs_nowhere(command: Command, settled: str) -> None:
    ended = command("policy", "backtest", "--policy", str(SHIPPED / RESIDENT), *SPAN, "--json")

    assert ended.exit_code == 0, ended.output
    told = value(ended)
    assert told["all"]["claims"] >= 2
    assert {group[f"{name}_difference"] for group in told["groups"] for name in ("fund", "cash", "account")} == {"0.00"}
    assert {tuple(group[name] for name in ("category", "level", "kind")) for group in told["groups"]} >= {
        ("resident", "city_hospital", "inpatient"),
        ("resident", "township", "inpatient"),
    }


def test_backtest_of_a_draft_is_the_same_with_workers(command: Command, settled: str, draft: Draft) -> None:
    changed = str(draft('      value: "0.85"', '      value: "0.90"'))

    alone = command("policy", "backtest", "--policy", changed, *SPAN, "--json")
    pool = command("policy", "backtest", "--policy", changed, *SPAN, "--workers", "2", "--json")
    shown = command("policy", "backtest", "--policy", changed, *SPAN)

    assert alone.stdout == pool.stdout
    assert value(alone)["all"]["fund_difference"] == "201.05"
    assert value(alone)["all"]["cash_difference"] == "-201.05"
    assert "201.05" in shown.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--policy", "no-such-folder", *SPAN),
        ("--policy", str(SHIPPED / "100000-modern"), *SPAN),
        ("--policy", str(SHIPPED / RESIDENT), "--from", "2015-02-30", "--to", "2015-03-01"),
        ("--policy", str(SHIPPED / RESIDENT), "--from", "2015-12-31", "--to", "2015-01-01"),
    ],
    ids=["no folder", "another area", "no such day", "backwards"],
)
def test_backtest_that_cannot_be_made_ends_2(command: Command, arguments: tuple[str, ...]) -> None:
    assert command("policy", "backtest", *arguments).exit_code == 2
