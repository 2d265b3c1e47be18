"""What the tests of re-settlement send, and what they read back."""

from decimal import Decimal
from typing import Any

from gateway.exchange.pipeline import Prepared
from gateway.exchange.resettlement import prepare_person, prepare_settlement
from gateway.fhir.json import encode, read_stored
from gateway.kernel import money
from gateway.security.partners import Partner
from gateway.settlement.claim import Counters
from gateway.store.values import Settlement, SettlementState
from tests.unit.exchange.town import (
    AGENCY,
    Answer,
    Town,
    claim,
    read,
)

NOTHING_CHANGED = [{"name": name, "valueMoney": {"value": Decimal("0.00"), "currency": "CNY"}}
                   for name in ("fund-difference", "person-difference")]  # fmt: skip


def send(town: Town, prepared: Prepared) -> Answer:
    reply = town.exchange.conclude(prepared).result()
    return Answer(reply, read(reply.body))


def resettle(town: Town, settlement: str, body: Any = None, *, by: Partner = AGENCY) -> Answer:
    return send(town, prepare_settlement(town.exchange, by, settlement, b"" if body is None else encode(body)))


def resettle_person(town: Town, person: str, year: str = "") -> Answer:
    return send(town, prepare_person(town.exchange, AGENCY, person, year=year))


def settled(town: Town, person: str, *amounts: str, **rest: Any) -> list[str]:
    """Ids of the settlements of stays in the city hospital, one after the other."""
    answers = [town.submit(claim(person, yuan, visit=f"V{n}", **rest)) for n, yuan in enumerate(amounts, 1)]
    assert all(answer.reply.refused is None for answer in answers), [answer.codes for answer in answers]
    return [answer.id for answer in answers]


def in_force(town: Town) -> list[Settlement]:
    found = [each for each in town.settlements() if each.state is SettlementState.EFFECTIVE]
    return sorted(found, key=lambda each: each.number)


def funds(town: Town) -> list[str]:
    return [money.text(each.fund) for each in in_force(town)]


def response_of(town: Town, id: str) -> dict[str, Any]:
    stored = town.store.read("ClaimResponse", id)
    assert stored is not None
    return read_stored(stored.body, id=id)


def differences(answer: Answer) -> list[tuple[str, str, str]]:
    """(name, fund, person) of each settlement in the answer, then of all."""
    found = []
    parts = [(each["name"], each["part"]) for each in answer.body["parameter"] if "part" in each]
    parts.append(("all", [each for each in answer.body["parameter"] if "part" not in each]))
    for name, part in parts:
        amounts = {each["name"]: each["valueMoney"]["value"] for each in part if "valueMoney" in each}
        found.append((name, *(money.text(money.of(amounts[key])) for key in ("fund-difference", "person-difference"))))
    return found


def as_if_only(town: Town, person: str, *amounts: str) -> tuple[list[str], dict[tuple[str, str], Counters]]:
    """What another person with these stays alone would have: funds and counters."""
    before = len(in_force(town))
    for n, yuan in enumerate(amounts, 1):
        assert town.submit(claim(person, yuan, visit=f"O{n}")).reply.refused is None
    return funds(town)[before:], town.counters(person)
