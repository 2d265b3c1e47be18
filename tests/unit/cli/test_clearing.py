"""`gateway clearing`: a month's way from the list to the bank's answer, by officers with tokens of their own."""

from pathlib import Path

import msgspec
import pytest

from gateway.system import Settings, open_system
from tests.bench.world import TODAY
from tests.unit.cli.conftest import Command
from tests.unit.exchange.clearing.home import make_office_home, open_month


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "office"
    make_office_home(made)
    system = open_system(Settings(home=made, database_url="", business_date=TODAY))
    open_month(system)
    system.close()
    return made


def test_officers_take_a_month_to_its_payment_file(home: Path, command: Command, tmp_path: Path) -> None:
    settings = {"home": home, "business_date": TODAY}
    listed = command("clearing", "list", "--state", "calculated", "--json", **settings)
    [row] = msgspec.json.decode(listed.stdout)["clearings"]
    id = row["id"]
    deductions = tmp_path / "deductions.json"
    said = {"fund": "basic", "amount": "100.00", "reason": "duplicate", "text": "重复收费", "source": "审核单2号"}
    deductions.write_bytes(msgspec.json.encode([said]))
    chief, deputy, reviewer = (str(home / f"{name}.token") for name in ("chief", "deputy", "reviewer"))

    refused = command("clearing", "review", id, "--token-file", reviewer, **settings)
    reviewed = command(
        *("clearing", "review", id, "--token-file", reviewer, "--deductions", str(deductions), "--unapplied", "代办"),
        **settings,
    )
    digest = msgspec.json.decode(command("clearing", "show", id, "--json", **settings).stdout)["digest"]
    first = command("clearing", "approve", id, "--token-file", chief, "--digest", digest, **settings)
    same = command("clearing", "approve", id, "--token-file", chief, "--digest", digest, **settings)
    second = command("clearing", "approve", id, "--token-file", deputy, "--digest", digest, "--json", **settings)
    out = tmp_path / "pay.xml"
    made = command(
        *("clearing", "instruct", "--scheme", "resident", "--token-file", chief, "--to", str(out)), **settings
    )
    shown = command("clearing", "show", id, **settings)

    assert (refused.exit_code, "clearing-not-applied" in refused.stderr) == (1, True)
    assert reviewed.exit_code == first.exit_code == second.exit_code == made.exit_code == 0
    assert (same.exit_code, "same-approver" in same.stderr) == (1, True)
    assert "321182-resident-20150320-1: 1 payments, 5000.00 CNY" in made.stdout
    assert b"pain.001.001.09" in out.read_bytes()
    assert ("instructed" in shown.stdout, "重复收费" in shown.stdout) == (True, True)


def test_what_cannot_be_read_ends_with_two(home: Path, command: Command, tmp_path: Path) -> None:
    settings = {"home": home, "business_date": TODAY}
    missing = str(tmp_path / "none")

    assert command("clearing", "answer", missing, **settings).exit_code == 2
    assert command("clearing", "reopen", "x", "--token-file", missing, "--why", "y", **settings).exit_code == 2
    wrong = tmp_path / "wrong.token"
    wrong.write_text("nobody's")
    assert command("clearing", "reopen", "x", "--token-file", str(wrong), "--why", "y", **settings).exit_code == 1
    assert command("clearing", "show", "x", **settings).exit_code == 1


def test_a_banks_file_is_taken_in(home: Path, command: Command, tmp_path: Path) -> None:
    settings = {"home": home, "business_date": TODAY}
    file = tmp_path / "answer.xml"
    file.write_bytes(b"<Document/>")

    told = command("clearing", "answer", str(file), "--bank", "bank", **settings)
    unknown = command("clearing", "answer", str(file), "--bank", "nobody", **settings)

    assert (told.exit_code, unknown.exit_code) == (1, 2)
