"""`gateway reconcile`: a day matched, worked on and signed off by officers with tokens of their own."""

from pathlib import Path

import msgspec
import pytest

from gateway.exchange.reconciliation import prepare
from gateway.security.partners import Partner, Role
from gateway.system import Settings, open_system
from tests.bench.world import CITY, TODAY
from tests.unit.cli.conftest import Command
from tests.unit.exchange.clearing.home import make_office_home

DAY = TODAY.isoformat()
HOSPITAL = Partner("city", Role.CLINIC, "city", institution=CITY)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which the city hospital stated totals that nobody else has."""
    made = tmp_path / "office"
    make_office_home(made)
    system = open_system(Settings(home=made, database_url="", business_date=TODAY))
    said = {"scheme": "resident", "from": DAY, "to": DAY, "cases": "1", "total": "9.00", "fund": "5.00", "account": "0"}
    reply = system.exchange.take(prepare(system.exchange, HOSPITAL, "check-totals", said)).result()
    assert reply.refused is None
    system.close()
    return made


def test_a_day_is_matched_worked_on_and_signed_off(home: Path, command: Command) -> None:
    settings = {"home": home, "business_date": TODAY}
    chief, deputy = (str(home / f"{name}.token") for name in ("chief", "deputy"))

    day = command("reconcile", "day", DAY, **settings)
    listed = command("reconcile", "findings", "--day", DAY, "--json", **settings)
    [finding] = msgspec.json.decode(listed.stdout)["findings"]
    shown = command("reconcile", "findings", **settings)
    early = command("reconcile", "sign-off", DAY, "--token-file", chief, **settings)
    act = ("reconcile", "resolve", finding["id"])
    asked = command(*act, "write-off", "--token-file", chief, "--why", "五元之差", **settings)
    same = command(*act, "approve-write-off", "--token-file", chief, "--why", "同意", **settings)
    other = command(*act, "approve-write-off", "--token-file", deputy, "--why", "同意", "--json", **settings)
    signed = command("reconcile", "sign-off", DAY, "--token-file", deputy, "--why", "完毕", "--json", **settings)

    assert (day.exit_code, "amount-differs" in day.stdout) == (0, True)
    assert (finding["fen"], "5.00" in shown.stdout) == (500, True)
    assert (early.exit_code, "findings-open" in early.stderr) == (1, True)
    assert (asked.exit_code, "write-off-asked" in asked.stdout) == (0, True)
    assert (same.exit_code, "same-person" in same.stderr) == (1, True)
    assert msgspec.json.decode(other.stdout)["state"] == "resolved"
    assert msgspec.json.decode(signed.stdout)["state"] == "signed-off"


def test_what_cannot_be_done_ends_with_its_code(home: Path, command: Command, tmp_path: Path) -> None:
    settings = {"home": home, "business_date": TODAY}
    chief, missing = str(home / "chief.token"), str(tmp_path / "none")

    unread = command("reconcile", "sign-off", DAY, "--token-file", missing, **settings)
    unknown = command("reconcile", "resolve", "x", "accept-core", "--token-file", chief, "--why", "y", **settings)
    to_come = command("reconcile", "day", "2099-01-01", **settings)

    assert (unread.exit_code, "cannot be read" in unread.stderr) == (2, True)
    assert (unknown.exit_code, "no-such-finding" in unknown.stderr) == (1, True)
    assert (to_come.exit_code, "day-to-come" in to_come.stderr) == (1, True)
