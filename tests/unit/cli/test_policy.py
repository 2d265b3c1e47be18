"""policy check and run: shipped cases hold, a changed fen fails and says where."""

import shutil
from pathlib import Path

import msgspec
import pytest

from gateway.policies.load import SHIPPED
from tests.unit.cli.conftest import Command

TIERS = "321182-resident/cases/tiers.yaml"
CASE = "exactly the end of the first tier"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of what is shipped, to be changed."""
    copied = tmp_path / "policies"
    shutil.copytree(SHIPPED, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copied


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def test_the_shipped_cases_hold(command: Command) -> None:
    shown, told = command("policy", "check"), command("policy", "check", "--json")

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "FAIL" not in shown.stdout
    results = [msgspec.json.decode(line) for line in told.stdout.splitlines()]
    assert len(results) == len(shown.stdout.splitlines()) > 0
    assert all(each["ok"] for each in results)


def test_a_changed_fen_fails_and_names_field_expected_actual_and_step(command: Command, policies: Path) -> None:
    change(policies / TIERS, '"6000.00"', '"6000.01"')

    shown = command("policy", "check", policies=policies)
    told = command("policy", "check", "--json", policies=policies)

    assert (shown.exit_code, told.exit_code) == (1, 1)
    (failed,) = [line for line in shown.stdout.splitlines() if line.startswith("FAIL")]
    assert CASE in failed
    assert "6000.01" in failed
    assert "6000.00" in failed
    (wrong,) = [each for each in [msgspec.json.decode(line) for line in told.stdout.splitlines()] if not each["ok"]]
    (difference,) = wrong["differences"]
    assert wrong["case"].endswith(CASE)
    assert {"6000.01", "6000.00"} <= set(map(str, difference.values()))
    assert {"field", "expected", "actual", "step"} <= set(difference)


def test_one_case_file_is_run_alone(command: Command, policies: Path) -> None:
    assert command("policy", "run", str(policies / TIERS)).exit_code == 0
    change(policies / TIERS, '"6000.00"', '"6000.01"')

    ended = command("policy", "run", str(policies / TIERS), "--json")

    assert ended.exit_code == 1
    assert [each["ok"] for each in map(msgspec.json.decode, ended.stdout.splitlines())].count(False) == 1


def test_a_policy_that_cannot_be_read_ends_2(command: Command, policies: Path) -> None:
    change(policies / "321182-resident/policy.yaml", "id: 321182-resident", "id: [321182-resident")

    ended = command("policy", "check", policies=policies)

    assert ended.exit_code == 2
    assert "policy.yaml" in ended.stderr
