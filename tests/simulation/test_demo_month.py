"""The demonstration month, run once by its command; its statements are added up again here from the exported ledger."""

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.demo.people import make_town
from gateway.kernel import money
from gateway.ledger.accounts import CHART, Account, AccountKind

GATEWAY = [sys.executable, "-c", "from gateway.cli import main; main()"]
NAMED = {
    "money-stands-elsewhere",
    "event-reported-twice",
    "credit-told-by-the-statement-alone",
    "totals-of-city",
    "totals-of-township",
    "details-name-what-is-missing",
    "signed-off-with-a-finding",
    "finding-resolved",
    "day-signed-off",
    "nothing-more-on-a-signed-day",
    "cancelled-within-the-month",
    "closed-before-its-end",
    "month-closed",
    "application-differs",
    "application-revoked",
    "application-of-city",
    "reviewed-without-application",
    "approved-what-changed",
    "approved-twice-by-one-person",
    "approved-by-the-reviewer",
    "payment-file-asked-for-twice",
    "payment-rejected",
    "payment-returned",
    "bank-says-it-twice",
    "bank-answers-an-unknown-payment",
    "paid-again-in-a-second-file",
    "payments-and-statement-agree",
    "remittance-fhir",
    "remittance-hl7v2",
    "remittance-csv",
    "cancelled-after-its-month",
    "cleared-month-stands",
    "red-entry-in-the-next-month",
    "centre-funds-kept-apart",
    "centre-advances-set-off",
    "centre-report",
}
METHODS = {"fee-for-service", "average-cost", "global-budget", "per-bed-day", "per-disease"}
SECONDS = 90


@dataclass(frozen=True)
class Played:
    """The command's exit code, its one JSON value, what it wrote beside, and the folder it left."""

    code: int
    month: dict[str, Any]
    errors: str
    home: Path

    def statements(self, scheme: str, period: str) -> dict[str, Any]:
        [found] = [each for each in self.month["statements"] if (each["scheme"], each["period"]) == (scheme, period)]
        return dict(found)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("demo-month")
    command = [*GATEWAY, "demo", "--month", "--check", "--json", "--home", str(home)]
    run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    return Played(run.returncode, msgspec.json.decode(run.stdout or b"{}"), run.stderr.decode(), home)


def ledger(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """`gateway ledger` on a home that the month left."""
    area = {"GATEWAY_AREA": "310000"} if home.name == "centre" else {}
    settings = {**os.environ, "GATEWAY_HOME": str(home), **area}
    command = [*GATEWAY, "ledger", *arguments]
    return subprocess.run(command, capture_output=True, env=settings, timeout=SECONDS, check=False)


def exported(home: Path, *arguments: str) -> dict[tuple[str, Account], int]:
    """Signed fen by fund and account, added up line by line."""
    sums: dict[tuple[str, Account], int] = defaultdict(int)
    for row in ledger(home, "export", "--format", "jsonl", *arguments).stdout.splitlines():
        line = msgspec.json.decode(row)
        sums[line["fund"], Account(line["account"])] += line["fen"]
    return sums


def test_the_month_ends_well_and_finds_no_difference(played: Played) -> None:
    assert (played.code, played.errors, played.month["differences"]) == (0, "", [])


def test_every_named_scenario_was_played_and_turned_out_as_expected(played: Played) -> None:
    scenarios = {each["name"]: each for each in played.month["scenarios"]}

    assert NAMED - set(scenarios) == set()
    assert [name for name, each in scenarios.items() if each["expected"] != each["actual"] or not each["ok"]] == []


def test_care_was_paid_by_five_methods(played: Played) -> None:
    assert {item["method"] for each in played.month["clearings"] for item in each["methods"]} == METHODS


@pytest.mark.parametrize(
    ("folder", "scheme", "period"),
    [(".", "resident", "2015-03"), (".", "resident", "2015-04"), ("centre", "worker", "2015-03")],
)
def test_every_figure_of_the_income_statement_is_the_sum_of_its_postings(
    played: Played, folder: str, scheme: str, period: str
) -> None:
    sums = exported(played.home / folder, "--scheme", scheme, "--period", period)
    kinds = {
        "income": (AccountKind.INCOME,),
        "expenditure": (AccountKind.EXPENSE,),
        "result": (AccountKind.INCOME, AccountKind.EXPENSE),
    }
    walked = 0
    for statement in played.statements(scheme, period)["income"]:
        for line in statement["lines"]:
            told = [
                fen
                for (fund, account), fen in sums.items()
                if statement["fund"] in ("", fund)
                and (CHART[account].number == line["code"] or CHART[account].kind in kinds.get(line["code"], ()))
            ]
            sign = 1 if line["code"] == "expenditure" or line["code"].startswith("5") else -1
            assert sign * sum(told) == money.of(line["amount"]), (statement["fund"], line)
            walked += 1
    assert walked >= 3
    shown = {line["code"] for statement in played.statements(scheme, period)["income"] for line in statement["lines"]}
    missing = {
        CHART[account].number
        for (_, account), fen in sums.items()
        if fen and CHART[account].kind in kinds["result"] and CHART[account].number not in shown
    }
    assert missing == set()


def test_everything_else_ties_to_the_fen(played: Played) -> None:
    ties = played.month["ties"]

    assert [each["name"] for each in ties if each["one"] != each["other"] or not each["ok"]] == []
    assert sum(1 for each in ties if each["kind"] == "figure") > 100


def test_what_was_approved_was_paid_once(played: Played) -> None:
    approved = {each["institution"]: each["payable"] for each in played.month["clearings"]}
    paid = {each["institution"]: each["amount"] for each in played.month["payments"] if each["state"] == "booked"}

    assert paid == approved
    assert {each["state"] for each in played.month["clearings"]} == {"paid"}
    assert sum(1 for each in played.month["payments"] if each["state"] == "booked") == len(approved)


def test_every_finding_has_an_end_that_somebody_answers_for(played: Played) -> None:
    for finding in played.month["findings"]:
        assert finding["state"] == "resolved"
        assert all(step["by"] and step["why"] for step in finding["steps"])
        assert finding["steps"]


@pytest.mark.parametrize("folder", [".", "centre"])
def test_the_ledger_is_verified_with_its_anchors(played: Played, folder: str) -> None:
    run = ledger(played.home / folder, "verify", "--json")

    assert run.returncode == 0, run.stdout
    told = msgspec.json.decode(run.stdout)
    assert told["ok"]
    assert told["anchors"] > 0


def test_nobody_can_be_read_in_the_files(played: Played) -> None:
    needles = [
        text.encode(codec)
        for resident in make_town().residents[::7]
        for text in (resident.citizen_id, resident.name)
        for codec in ("utf-8", "gb18030")
    ]

    for file in (each for each in played.home.rglob("*") if each.is_file()):
        content = file.read_bytes()
        assert [needle for needle in needles if needle in content] == [], file.name
    assert (played.home / "gateway.log").read_bytes() == b""
