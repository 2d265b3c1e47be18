"""verify and explain: the books are recounted, and every figure of a settlement is told."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from gateway.kernel import money
from tests.bench.claims import TOTAL
from tests.unit.cli.conftest import Command, Settled


def test_verify_ends_0_on_books_that_agree(command: Command, settled: Settled) -> None:
    shown = command("verify", home=settled.home)
    told = command("verify", "--json", home=settled.home)

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "verify: clean" in shown.stdout
    found = msgspec.json.decode(told.stdout)
    assert (found["ok"], found["problems"], found["counts"]["settlement"]) == (True, [], 1)


def test_verify_ends_1_on_a_balance_that_somebody_changed(command: Command, settled: Settled) -> None:
    connection = sqlite3.connect(settled.home / "gateway.db")
    connection.execute("UPDATE accumulator SET counted = counted + 1")
    connection.commit()
    connection.close()

    shown = command("verify", home=settled.home)
    told = command("verify", "--json", home=settled.home)

    assert (shown.exit_code, told.exit_code) == (1, 1)
    problems = msgspec.json.decode(told.stdout)["problems"]
    assert problems
    assert all(problem["code"] in shown.stderr and problem["en"] and problem["zh"] for problem in problems)


@pytest.mark.parametrize("name", ["verify", "doctor", "explain"])
def test_a_command_without_its_database_ends_2(command: Command, tmp_path: Path, name: str) -> None:
    arguments = ("explain", "x") if name == "explain" else (name,)

    ended = command(*arguments, home=tmp_path / "nothing")

    assert ended.exit_code == 2
    assert ended.stderr.strip()
    assert not (tmp_path / "nothing").exists()


def test_explain_tells_every_figure_by_settlement_or_claim(command: Command, settled: Settled) -> None:
    by_settlement = command("explain", settled.settlement, "--json", home=settled.home)
    by_claim = command("explain", settled.claim, "--json", home=settled.home)

    assert (by_settlement.exit_code, by_claim.exit_code) == (0, 0)
    assert by_settlement.stdout == by_claim.stdout
    found = msgspec.json.decode(by_settlement.stdout)
    assert found["total"] == money.text(TOTAL)
    assert {figure["line"] for figure in found["figures"]} >= {0, *range(1, 11)}
    assert all(figure["arithmetic"] and figure["rule"] for figure in found["figures"])
    assert any(figure["source"] for figure in found["figures"])


def test_explain_shows_people_a_table(command: Command, settled: Settled) -> None:
    shown = command("explain", settled.settlement, home=settled.home)

    assert shown.exit_code == 0
    assert "起付线" in shown.stdout
    assert money.text(TOTAL) in shown.stdout


def test_explain_of_what_is_not_there_ends_1(command: Command, settled: Settled) -> None:
    ended = command("explain", "nothing", home=settled.home)

    assert ended.exit_code == 1
    assert "nothing" in ended.stderr


def test_what_is_no_command_ends_2(command: Command) -> None:
    assert command("settle").exit_code == 2
    assert command("verify", "--loud").exit_code == 2
    assert command("explain").exit_code == 2
