"""The demonstration day, run once by its command, and everything it says counted again here by other means."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.demo.people import make_town

COMMAND = [sys.executable, "-c", "from gateway.cli import main; main()", "demo", "--check", "--json", "--home"]
NAMED = {
    "message-repeated",
    "key-reused",
    "cancellation",
    "yearly-ceiling",
    "person-deceased",
    "unknown-code",
    "three-formats",
    "second-channel-hl7v2",
    "bank-credited-twice",
    "bad-nhsa-truncated",
    "bad-nhsa-wrong-infno",
    "bad-nhsa-unsigned",
    "bad-nhsa-unknown-institution",
    "bad-hl7v2-broken-frame",
    "bad-hl7v2-wrong-charset",
    "bad-hl7v2-unbalanced",
    "bad-nhsa-negative",
    "bad-nhsa-17-digits",
    "bad-nhsa-no-such-day",
    "bad-nhsa-check-digit",
    "bad-bank-xml-entities",
}
SECONDS = 60


@dataclass(frozen=True)
class Played:
    """The command's exit code, its one JSON value, what it wrote beside, and the folder it left."""

    code: int
    day: dict[str, Any]
    errors: str
    home: Path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("demo")
    run = subprocess.run([*COMMAND, str(home)], capture_output=True, timeout=SECONDS, check=False)
    return Played(run.returncode, msgspec.json.decode(run.stdout), run.stderr.decode(), home)


def test_the_day_ends_well_and_finds_no_difference(played: Played) -> None:
    assert (played.code, played.errors, played.day["differences"]) == (0, "", [])


def test_every_named_scenario_was_played_and_turned_out_as_expected(played: Played) -> None:
    scenarios = {each["name"]: each for each in played.day["scenarios"]}

    assert NAMED - set(scenarios) == set()
    assert [name for name, each in scenarios.items() if each["expected"] != each["actual"] or not each["ok"]] == []
    assert [name for name, each in scenarios.items() if not each["key"]] == []


def test_every_claim_adds_up_in_both_ways(played: Played) -> None:
    for claim in played.day["claims"]:
        parts = [claim[name] for name in ("own_expense", "over_limit", "first_payment", "in_scope")]
        payers = [*claim["funds"].values(), claim["account"], claim["institution_share"], claim["cash"]]
        assert claim["total"] == sum(parts) == sum(payers)
        assert claim["counted"] * claim["total"] >= 0
        sign = -1 if claim["cancels"] else 1
        assert all(sign * fen >= 0 for fen in (*parts, *payers, claim["deductible"], claim["counted"]))


def test_a_cancellation_is_the_negative_of_what_it_cancels(played: Played) -> None:
    claims = {claim["id"]: claim for claim in played.day["claims"]}
    cancellations = [claim for claim in claims.values() if claim["cancels"]]

    assert len(cancellations) == 4
    for claim in cancellations:
        first = claims[claim["cancels"]]
        assert first["status"] == "cancelled"
        assert {fund: -fen for fund, fen in first["funds"].items()} == claim["funds"]
        assert (first["total"], first["cash"]) == (-claim["total"], -claim["cash"])


def test_the_books_owe_what_the_claims_say_and_balance(played: Played) -> None:
    balance = played.day["trial_balance"]
    paid = sum(sum(claim["funds"].values()) for claim in played.day["claims"])

    assert sum(balance.values()) == played.day["ledger_imbalance"] == 0
    assert balance["resident/basic/benefit-expense"] == -balance["resident/basic/provider-payable"] == paid
    # 299 residents paid 200.00, one paid 150.00 of it; 50.00 too much, and two credits of 200.00 that name nobody
    assert balance["resident/basic/income-account"] == 299 * 20000 + 15000 + 5000 + 2 * 20000
    assert balance["resident/basic/unapplied-receipts"] == -(5000 + 2 * 20000)


def test_the_channels_brought_what_was_promised(played: Played) -> None:
    settled = Counter(claim["channel"] for claim in played.day["claims"] if not claim["cancels"])

    assert settled["nhsa"] >= 200
    assert settled["hl7v2"] >= 40
    assert settled["fhir"] >= 20
    assert {claim["institution"] for claim in played.day["claims"]} == {"H32118200001", "H32118200101", "H32110000001"}
    assert [name for name, count in played.day["counts"].items() if count["expected"] != count["actual"]] == []


def test_the_recount_is_clean(played: Played) -> None:
    assert played.day["verify"]["ok"]
    assert played.day["verify"]["counts"]["settlement"] == 294


def test_nobody_can_be_read_in_the_files(played: Played) -> None:
    needles = [
        text.encode(codec)
        for resident in make_town().residents[::7]
        for text in (resident.citizen_id, resident.name)
        for codec in ("utf-8", "gb18030")
    ]

    for file in played.home.iterdir():
        content = file.read_bytes()
        assert [needle for needle in needles if needle in content] == [], file.name
