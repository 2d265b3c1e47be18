"""Identities of a person reach the settlement: the agency writes them on the Patient, claims of their days use them."""

from typing import Any

import pytest

from gateway.exchange import rest
from gateway.fhir.json import encode
from gateway.fhir.systems import ext
from tests.unit.exchange.town import AGENCY, Answer, Town, claim, read


def with_identity(patient: dict[str, Any], code: str, **period: str) -> dict[str, Any]:
    """The Patient with an identity of a period."""
    parts: list[dict[str, Any]] = [{"url": "code", "valueCode": code}]
    if period:
        parts.append({"url": "period", "valuePeriod": period})
    return {**patient, "extension": [*patient["extension"], {"url": ext("identity"), "extension": parts}]}


def put(town: Town, patient: dict[str, Any]) -> Answer:
    prepared = rest.prepare_write(town.exchange, AGENCY, "Patient", encode(patient), id=patient["id"])
    reply = town.exchange.conclude(prepared).result()
    return Answer(reply, read(reply.body))


def test_a_martyrs_family_has_its_subsidy_on_a_stay(town: Town) -> None:
    number = town.resident()
    assert put(town, with_identity(town.patient(number), "martyr_family", start="2014-01-01")).codes == []

    answer = town.submit(claim(number, "32680.45"))

    assert [answer.total("fund-basic"), answer.total("fund-special_care"), answer.total("cash")] == [
        "20417.29",
        "9810.53",  # (32680.45 - 20417.29) * 80%
        "2452.63",
    ]
    town.sound()


def test_an_identity_counts_on_its_days_only(town: Town) -> None:
    number = town.resident()
    put(town, with_identity(town.patient(number), "martyr_family", end="2015-03-08"))

    assert town.submit(claim(number, "32680.45", day="2015-03-09")).total("cash") == "12263.16"


def test_the_police_leave_identities_alone(town: Town) -> None:
    number = town.resident()
    put(town, with_identity(town.patient(number), "martyr_family"))
    town.event("户变动", number)

    assert town.submit(claim(number, "32680.45")).total("fund-special_care") == "9810.53"


@pytest.mark.parametrize("period", [{"start": "2015"}, {"end": "2015-02-30"}])
def test_days_of_an_identity_are_complete(town: Town, period: dict[str, str]) -> None:
    number = town.resident()

    assert put(town, with_identity(town.patient(number), "martyr_family", **period)).codes == ["bad-day"]
