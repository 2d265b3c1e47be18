"""Three identical people, one treatment, three channels: the same fen in every part, and settled once each.

`python -m tests.simulation.channels --triples 1000` plays as many as wanted; `make test` plays forty.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from gateway.exchange.exchange import Exchange
from gateway.fhir.json import decode
from gateway.fhir.systems import sid
from gateway.kernel import money
from gateway.kernel.citizen_id import check_digit
from gateway.kernel.ids import PersonId
from gateway.security.partners import Partner, Role
from gateway.settlement.claim import STAYS
from tests.golden.world import SCHEME, Citizen, Shared, load_shared, open_world, settle_in
from tests.simulation.treatments import CITY, OUTSIDE, TODAY, TOWNSHIP, Treatment, make_treatment
from tests.simulation.wire import CHANNELS, Bill, Desks, Said

VISITS = 2
"""Treatments that three people get one after the other, so that the counters of the first weigh on the second."""
PUPIL_BORN, ADULT_BORN = date(2000, 9, 1), date(1950, 1, 1)


@dataclass(frozen=True, slots=True)
class Trio:
    """One treatment as it was settled through each channel."""

    number: int
    treatment: Treatment
    bills: Mapping[str, Bill]
    said: Mapping[str, Said]


class Simulation:
    """A gateway with triplets in it. Close it."""

    def __init__(self, folder: Path, shared: Shared, *, triples: int, seed: int) -> None:
        clinics = [
            Partner(code, Role.CLINIC, code, code, {"nhsa": frozenset({code}), "hl7v2": frozenset({code})})
            for code in (CITY, TOWNSHIP, OUTSIDE)
        ]
        self.exchange: Exchange = open_world(folder, shared, area="321182", day=TODAY, partners=clinics)
        self.desks = Desks(self.exchange)
        self._chance = Random(seed)
        self._people = [triplets(number) for number in range((triples + VISITS - 1) // VISITS)]
        everyone = [citizen for three in self._people for citizen in three]
        self._ids = settle_in(self.exchange, everyone, on=TODAY)

    def close(self) -> None:
        self.desks.close()
        self.exchange.store.close()

    def play(self, number: int) -> Trio:
        """Settle treatment `number` of three people, each through a channel of its own."""
        loaded = self.exchange.book.of(self.exchange.area, SCHEME)
        assert loaded is not None, "the area has a policy"
        treatment = make_treatment(self._chance, loaded)
        bills = {
            channel: Bill(
                treatment,
                citizen,
                self._ids[citizen.citizen_id],
                visit=f"V{number}-{channel}",
                number=f"B{number}-{channel}",
            )
            for channel, citizen in zip(CHANNELS, self._people[number // VISITS], strict=True)
        }
        said = {channel: self.desks.send(channel, bill) for channel, bill in bills.items()}
        return Trio(number, treatment, bills, said)

    def differences(self, trio: Trio) -> list[str]:
        """Every way in which the three answers, or what is stored of them, are not one."""
        refused = [f"{channel} refused: {said.refusal}" for channel, said in trio.said.items() if said.refusal]
        if refused:
            return refused
        first = trio.said[CHANNELS[0]]
        found = []
        for channel in CHANNELS[1:]:
            said = trio.said[channel]
            found += [
                f"{channel} {name}: {fen} {first.parts[name]}"
                for name, fen in said.parts.items()
                if fen != first.parts[name]
            ]
            if list(said.lines) != list(first.lines):
                found.append(f"{channel} lines: {said.lines} {first.lines}")
        for what in ("decision", "claim", "counters"):
            told = [getattr(self, f"_{what}")(trio, channel) for channel in CHANNELS]
            found += [
                f"{c} {what}: {each} {told[0]}" for c, each in zip(CHANNELS, told, strict=True) if each != told[0]
            ]
        found += _round_trip(trio.number, trio.treatment, self._claim(trio, CHANNELS[0]))
        return found

    def resent(self, trio: Trio) -> list[str]:
        """Each treatment sent again through each other channel: whatever is not refused naming the first settlement."""
        found = []
        for first, bill in trio.bills.items():
            for channel in CHANNELS:
                answer = self.desks.send(channel, bill) if channel != first else None
                if answer and not (
                    "already-settled" in answer.refusal and trio.said[first].settlement in answer.refusal
                ):
                    found.append(f"settled by {first}, sent again by {channel}: {answer.refusal or 'settled again'}")
        return found

    def _decision(self, trio: Trio, channel: str) -> Any:
        response = self._stored("ClaimResponse", trio.said[channel].settlement)
        items = [(item["itemSequence"], item["extension"], item["adjudication"]) for item in response["item"]]
        return (
            response["total"],
            items,
            response["extension"],
            response.get("processNote", ()),
        )

    def _claim(self, trio: Trio, channel: str) -> dict[str, Any]:
        """What the stored Claim says of the treatment, in plain words."""
        response = self._stored("ClaimResponse", trio.said[channel].settlement)
        claim = self._stored("Claim", response["request"]["reference"].removeprefix("Claim/"))
        supporting = claim.get("supportingInfo", [])
        return {
            "kind": claim["subType"]["coding"][0]["code"],
            "institution": claim["provider"]["reference"].removeprefix("Organization/"),
            "numbers": _numbers(claim, channel),
            "period": (claim["billablePeriod"]["start"], claim["billablePeriod"]["end"]),
            "diagnoses": [each["diagnosisCodeableConcept"]["coding"][0]["code"] for each in claim["diagnosis"]],
            "disease": [each["code"]["coding"][0]["code"] for each in supporting],
            "lines": [_line(item) for item in claim["item"]],
            "total": claim["total"]["value"],
        }

    def _counters(self, trio: Trio, channel: str) -> Any:
        return self.exchange.store.counters(PersonId(trio.bills[channel].person), SCHEME)

    def _stored(self, type: str, id: str) -> dict[str, Any]:
        stored = self.exchange.store.read(type, id)
        assert stored is not None, f"{type}/{id} was answered and is stored"
        resource: dict[str, Any] = decode(stored.body)
        return resource


def triplets(number: int) -> list[Citizen]:
    """Three people of one birth date and sex; every fourth set are pupils."""
    born_on = (PUPIL_BORN if number % 4 == 3 else ADULT_BORN) + timedelta(days=number)
    firsts = [f"321182{born_on:%Y%m%d}{serial:03d}" for serial in (1, 3, 5)]
    return [
        Citizen(first + check_digit(first), name)
        for first, name in zip(firsts, ("测试一", "测试二", "测试三"), strict=True)
    ]


def _numbers(claim: Mapping[str, Any], channel: str) -> list[str]:
    """Visit and bill without the person's own ending; a stay is one treatment whatever its bill is called."""
    stay = claim["subType"]["coding"][0]["code"] in STAYS
    named = [each for each in claim["identifier"] if not stay or each["system"] == sid("visit")]
    return sorted(each["value"].removesuffix(f"-{channel}") for each in named)


def _line(item: Mapping[str, Any]) -> tuple[Any, ...]:
    code = item["productOrService"]["coding"][0]["code"]
    own = [each["valueString"] for each in item["extension"] if each["url"].endswith("/line-number")]
    return (
        *own,
        code,
        item["quantity"]["value"],
        item["unitPrice"]["value"],
        item["net"]["value"],
        item["servicedDate"],
    )


def _round_trip(number: int, done: Treatment, stored: Mapping[str, Any]) -> list[str]:
    """Whether the stored Claim says what was done, field by field."""
    lines = [
        (str(n), line.code, line.count, line.price, money.decimal(line.fen), line.served_on.isoformat())
        for n, line in enumerate(done.lines, 1)
    ]
    visit, bill = f"V{number}", f"B{number}"
    meant = {
        "kind": done.kind,
        "numbers": [visit] if done.kind in STAYS else [bill, visit],
        "institution": done.institution,
        "period": (done.from_on.isoformat(), done.to_on.isoformat()),
        "diagnoses": [code for code, _ in done.diagnoses],
        "disease": [done.disease[0]] if done.disease[0] else [],
        "lines": lines,
    }
    return [f"{name}: {stored[name]} for {value}" for name, value in meant.items() if stored[name] != value]


def main(arguments: list[str]) -> int:
    """Exit code 0 when all channels agree in everything, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.channels", description=__doc__)
    parser.add_argument("--triples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20150320)
    wanted = parser.parse_args(arguments)
    started, wrong, fund = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(Path(folder), load_shared(), triples=wanted.triples, seed=wanted.seed)
        for number in range(wanted.triples):
            trio = simulation.play(number)
            found = simulation.differences(trio) or simulation.resent(trio)
            wrong += bool(found)
            fund += trio.said[CHANNELS[0]].parts.get("fund-total", 0)
            for each in found:
                print(f"triple {number} {trio.treatment.kind}: {each}")
        verified = simulation.exchange.store.verify()
        simulation.close()
    took = time.monotonic() - started
    print(f"{wanted.triples} triples, {wrong} differ, {fund} fen paid each; {took:.0f} s")
    print(f"verified {verified.counts}, {len(verified.problems)} problems")
    return 1 if wrong or verified.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
