"""Each channel as its partner uses it: what must happen before, the requests that are timed, a good answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import msgspec

from adapters.nhsa import requests as nhsa
from adapters.nhsa.requests import Bill, Diagnosis, Moment, Request, Window
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE
from tests.bench.claims import AT, TOTAL, fhir_claim, hl7v2_claim, nhsa_lines
from tests.bench.load import Plan, Result, http_body, http_request, http_status, mllp_request, run
from tests.bench.world import AREA, CITY, CITY_TOKEN, NHSA_SECRET, TODAY, Addresses, Person

CONNECTIONS = 16
CHRONIC, HYPERTENSION, DISEASE = "14", Diagnosis("I10.x00", "高血压"), Diagnosis("M03900", "高血压")
WINDOW = Window(CITY, "示范市人民医院", AREA, AREA, secret=NHSA_SECRET)


class Clock:
    """The time of a world's gateway, which began at nine in the morning when it was started, and msgid numbers."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._numbers = count()

    def moment(self) -> Moment:
        """Now, under the next number."""
        nine = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=BUSINESS_ZONE)
        at = nine + timedelta(seconds=time.monotonic() - self._started)
        return Moment(at, next(self._numbers) % 9999 + 1)


@dataclass(frozen=True, slots=True)
class Target:
    """A served gateway under measurement. `clock` was made when it started."""

    addresses: Addresses
    clock: Clock
    people: Sequence[Person]

    def person(self, number: int) -> Person:
        """Each in turn: no two requests on their way are for one person."""
        return self.people[number % len(self.people)]


@dataclass(frozen=True, slots=True)
class Channel:
    """`prepare` makes the requests of a round (label, how many); `good` tells an answer that did what was asked."""

    protocol: str
    prepare: Callable[[Target, str, int], list[bytes]]
    good: Callable[[bytes], bool]


def send(channel: Channel, target: Target, requests: list[bytes]) -> Result:
    """The prepared requests over 16 connections, timed. RuntimeError with the first answer that is not good."""
    port = target.addresses.http_port if channel.protocol == "http" else target.addresses.mllp_port
    result = run(Plan(channel.protocol, "127.0.0.1", port, CONNECTIONS, requests))
    for answer in result.answers:
        if not channel.good(answer):
            raise RuntimeError(f"not answered as it should be: {answer[:2000].decode('utf-8', 'replace')}")
    return result


def _submits(target: Target, label: str, number: int) -> list[bytes]:
    return [
        http_request(
            "POST", "/fhir/Claim/$submit", token=CITY_TOKEN, body=fhir_claim(target.person(n), f"F{label}-{n}")
        )
        for n in range(number)
    ]


def _invoices(target: Target, label: str, number: int) -> list[bytes]:
    return [mllp_request(hl7v2_claim(target.person(n), f"H{label}-{n}")) for n in range(number)]


def _reads(target: Target, label: str, number: int) -> list[bytes]:
    return [http_request("GET", f"/fhir/Patient/{target.person(n).id}", token=CITY_TOKEN) for n in range(number)]


def _settlements(target: Target, label: str, number: int) -> list[bytes]:
    """The 2207 of so many visits, each registered, described and given its lines before."""
    people = [target.person(n) for n in range(number)]
    names = [f"N{label}-{n}" for n in range(number)]

    def say(requests: list[Request]) -> Result:
        return send(CHANNELS["nhsa"], target, [_posted(request) for request in requests])

    moment = target.clock.moment
    opened = say(
        [
            nhsa.register(WINDOW, moment(), person=person.id, card=person.citizen_id, visit=name, at=AT)
            for person, name in zip(people, names, strict=True)
        ]
    )
    visits = [msgspec.json.decode(http_body(answer))["output"]["data"]["mdtrt_id"] for answer in opened.answers]
    told = list(zip(people, names, visits, strict=True))
    say(
        [
            nhsa.describe(
                WINDOW, moment(), visit_id=visit, person=person.id, med_type=CHRONIC, diagnoses=[HYPERTENSION], at=AT,
                disease=DISEASE,
            )
            for person, _, visit in told
        ]
    )  # fmt: skip
    say(
        [
            nhsa.outpatient_lines(
                WINDOW, moment(), visit_id=visit, person=person.id, batch=name, lines=nhsa_lines(name)
            )
            for person, name, visit in told
        ]
    )
    total = money.decimal(TOTAL)
    return [
        _posted(
            nhsa.settle_outpatient(WINDOW, moment(), Bill(visit, person.id, person.citizen_id, total, CHRONIC, name))
        )
        for person, name, visit in told
    ]


def _posted(request: Request) -> bytes:
    return http_request("POST", nhsa.PATH, body=request.body, headers=tuple(request.headers.items()))


def _ok(answer: bytes) -> bool:
    return http_status(answer) == 200


def _accepted(answer: bytes) -> bool:
    return _ok(answer) and msgspec.json.decode(http_body(answer))["infcode"] in (0, "0")


def _acknowledged(answer: bytes) -> bool:
    return b"\rMSA|AA|" in answer


CHANNELS = {
    "submit": Channel("http", _submits, _ok),
    "nhsa": Channel("http", _settlements, _accepted),
    "hl7v2": Channel("mllp", _invoices, _acknowledged),
    "read": Channel("http", _reads, _ok),
}
