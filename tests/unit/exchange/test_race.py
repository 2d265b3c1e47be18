"""Twenty claims of one person at once: as if they had come one after the other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from gateway.exchange.submit import prepare_submit
from gateway.fhir.claim import read_claim
from gateway.fhir.json import encode, read_stored
from gateway.kernel import money
from gateway.kernel.ids import ClaimId, InstitutionCode, PersonId
from gateway.kernel.problem import Kind
from gateway.settlement.adjudicate import settle
from gateway.settlement.claim import Case, Claim, Line, Person
from gateway.settlement.decision import Decision
from gateway.store.store import Store
from gateway.store.values import Settlement, SettlementState
from tests.conftest import open_test_store
from tests.unit.exchange.town import AREA, CITY, CITY_CODE, NOON, Town, book, claim, open_town

THREADS = 20
POLICY = book().policies["321182-resident"]


def at_once(towns: list[Town], bodies: list[bytes]) -> list[Kind | None]:
    """Submit every body from a thread of its own, all released together, over the towns in turn."""
    start = Barrier(len(bodies))

    def send(number: int) -> Kind | None:
        town = towns[number % len(towns)]
        prepared = prepare_submit(town.exchange, CITY, bodies[number], idempotency_key="")
        start.wait()
        return town.exchange.conclude(prepared).result().refused

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, range(len(bodies))))


def rebuilt(town: Town, settlement: Settlement) -> Claim:
    """The claim of a settlement as the core read it."""
    stored = town.store.read("Claim", settlement.claim)
    assert stored is not None
    reading = read_claim(read_stored(stored.body, id=stored.id), today=town.today)
    return Claim(
        id=ClaimId(settlement.claim),
        area=AREA,
        scheme="resident",
        person=Person(PersonId(settlement.person), "resident", NOON.date(), "male"),
        institution=InstitutionCode(CITY_CODE),
        level="city_hospital",
        kind=reading.kind,
        from_on=reading.from_on,
        to_on=reading.to_on,
        lines=tuple(
            Line(
                line.number,
                line.code,
                line.amount,
                line.quantity,
                POLICY.catalogue.terms(line.code, level="city_hospital", day=line.served_on),
            )
            for line in reading.lines
        ),
        diagnoses=reading.diagnoses,
        disease=reading.disease,
    )


def check_as_if_one_after_the_other(town: Town, person: str) -> None:
    settlements = sorted(town.settlements(), key=lambda each: each.number)
    replayed = list(settle([Case(rebuilt(town, each)) for each in settlements], lambda _claim: POLICY.policy))

    assert [each.number for each in settlements] == list(range(1, THREADS + 1))
    assert [outcome.fund_total for outcome in replayed if isinstance(outcome, Decision)] == [
        each.fund for each in settlements
    ]
    used = town.counters(person)["basic", "2015"]
    assert used.counted <= money.of("120000.00")
    assert used.fund == sum(each.fund for each in settlements)
    assert used.admissions == THREADS
    town.sound()


def claims_of(person: str) -> list[bytes]:
    """Together far beyond the ceiling of the year, each of another size."""
    return [encode(claim(person, f"{7000 + 137 * n}.{n:02d}", visit=f"V{n}", bill=f"B{n}")) for n in range(THREADS)]


def test_claims_of_one_person_at_once_are_decided_in_the_order_of_their_commit(town: Town) -> None:
    person = town.resident()

    assert at_once([town], claims_of(person)) == [None] * THREADS
    check_as_if_one_after_the_other(town, person)


def test_claims_through_two_processes_are_too(postgres_url: str) -> None:
    stores: list[Store] = [open_test_store(postgres_url) for _ in range(2)]
    try:
        towns = [open_town(store) for store in stores]
        person = towns[0].resident()

        assert at_once(towns, claims_of(person)) == [None] * THREADS
        check_as_if_one_after_the_other(towns[1], person)
    finally:
        for store in stores:
            store.close()


def test_one_treatment_sent_twenty_times_at_once_is_settled_once(town: Town) -> None:
    person = town.resident()
    sent = claim(person, "9000.00")
    bodies = [encode({**sent, "identifier": [sent["identifier"][0], {**sent["identifier"][1], "value": f"B{n}"}]})
              for n in range(THREADS)]  # fmt: skip
    refused = at_once([town], bodies)

    assert sorted(map(str, refused)) == ["None"] + ["rule"] * (THREADS - 1)
    assert len(town.settlements()) == 1
    town.sound()


def test_one_settlement_cancelled_from_many_sides_is_cancelled_once(town: Town) -> None:
    answer = town.submit(claim(town.resident(), "9000.00"))
    number = [{"system": "https://gateway.example/fhir/sid/settlement", "value": answer.id}]
    start = Barrier(THREADS)

    def cancel(_: int) -> list[str]:
        start.wait()
        return town.operate("cancel", {"resourceType": "Claim", "identifier": number}).codes

    with ThreadPoolExecutor(THREADS) as pool:
        codes = list(pool.map(cancel, range(THREADS)))

    assert sorted(codes) == [[]] + [["already-cancelled"]] * (THREADS - 1)
    assert [each.state for each in town.settlements()] == [SettlementState.CANCELLED]
    assert replace(town.settlements()[0]).cancelled_by
    town.sound()
