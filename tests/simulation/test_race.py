"""Two hundred claims of one person from twenty institutions at once: as if they had come one after the other.

Whatever order they are committed in, replaying that order by the pure core gives the same decisions, fen by fen, and
the ceiling of the year is reached exactly and never passed.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import pytest

from gateway.exchange.exchange import Exchange
from gateway.exchange.rest import prepare_write
from gateway.exchange.submit import prepare_submit
from gateway.fhir.claim import read_claim
from gateway.fhir.coverage import CoverageReading, write_coverage
from gateway.fhir.json import encode, read_stored
from gateway.fhir.patient import PatientReading, write_patient
from gateway.kernel import money
from gateway.kernel.ids import ClaimId, InstitutionCode, PersonId
from gateway.policies.load import SHIPPED, AreaPolicy, load_all
from gateway.security.partners import Partner, Partners, Role
from gateway.settlement.adjudicate import settle
from gateway.settlement.claim import Case, Claim, Line, Person
from gateway.settlement.decision import Decision
from gateway.settlement.explain import trace
from gateway.store.store import Store
from gateway.store.values import Settlement
from tests.conftest import AREA, open_test_store
from tests.unit.exchange.town import NOON, citizen, claim, new_id

CLAIMS, INSTITUTIONS = 200, 20
THREADS = 40
POLICY, CEILING = "321182-resident", "120000.00"
AGENCY = Partner("agency", Role.AGENCY, "agency")
CODES = [f"H3211829{number:04d}" for number in range(INSTITUTIONS)]
CLINICS = [Partner(code, Role.CLINIC, code, institution=code) for code in CODES]
BORN_ON = date(1950, 1, 1)


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> AreaPolicy:
    """The shipped policy in an area of twenty city hospitals."""
    folder = tmp_path_factory.mktemp("policies")
    for path in SHIPPED.glob("catalogue*"):
        shutil.copytree(path, folder / path.name)
    shutil.copytree(SHIPPED / POLICY, folder / POLICY)
    rows = "\n".join(
        f"  - {{code: {code}, zh: 测试医院, en: Test Hospital, level: city_hospital, kind: hospital, from: 2004-01-01}}"
        for code in CODES
    )
    (folder / POLICY / "institutions.yaml").write_text(
        f'source: ""\nreading: 测试数据\ninstitutions:\n{rows}\n', "utf-8"
    )
    return load_all(folder).policies[POLICY]


@contextmanager
def gateways(url: str, area: AreaPolicy, number: int) -> Iterator[list[Exchange]]:
    """So many processes on one database."""
    stores: list[Store] = []
    try:
        stores.extend(open_test_store(url) for _ in range(number))
        book = load_all(area.folder.parent)
        yield [
            Exchange(
                store=store,
                book=book,
                partners=Partners((AGENCY, *CLINICS)),
                feeds={},
                area=AREA,
                clock=lambda: NOON,
                new_id=new_id,
            )
            for store in stores
        ]
    finally:
        for store in stores:
            store.close()


def enrolled(exchange: Exchange) -> tuple[str, str]:
    """A person who is covered in 2015: citizen ID and Patient id."""
    number = citizen(1, BORN_ON)
    patient = write_patient(PatientReading(id="", citizen_id=number, name="张测试", gender="male", born_on=BORN_ON))
    id = written(exchange, "Patient", patient)
    coverage = CoverageReading(
        id="", active=True, scheme="resident", patient=id, from_on=date(2015, 1, 1), to_on=date(2015, 12, 31),
        area=AREA, category="resident", policy=POLICY,
    )  # fmt: skip
    written(exchange, "Coverage", write_coverage(coverage))
    return number, id


def written(exchange: Exchange, type: str, resource: dict[str, Any]) -> str:
    reply = exchange.conclude(prepare_write(exchange, AGENCY, type, encode(resource))).result()
    assert not reply.problems, reply.problems
    return str(msgspec.json.decode(reply.body)["id"])


def race(exchanges: list[Exchange], bodies: list[bytes]) -> list[str]:
    """Every claim from its institution, forty at a time, over the processes in turn; what was refused."""
    start = Barrier(THREADS)

    def send(thread: int) -> list[str]:
        exchange = exchanges[thread % len(exchanges)]
        start.wait()
        refused = []
        for number in range(thread, CLAIMS, THREADS):
            clinic = CLINICS[number % INSTITUTIONS]
            prepared = prepare_submit(exchange, clinic, bodies[number], idempotency_key="")
            refused += [problem.code for problem in exchange.conclude(prepared).result().problems]
        return refused

    with ThreadPoolExecutor(THREADS) as pool:
        return [code for codes in pool.map(send, range(THREADS)) for code in codes]


def bodies_of(person: str) -> list[bytes]:
    """Together far beyond the ceiling of the year, each of another size."""
    return [
        encode(
            claim(person, f"{900 + 7 * n}.{n % 100:02d}", visit=f"V{n}", bill=f"B{n}", provider=CODES[n % INSTITUTIONS])
        )
        for n in range(CLAIMS)
    ]


def rebuilt(store: Store, settlement: Settlement, area: AreaPolicy) -> Claim:
    """The claim of a settlement as the core read it."""
    stored = store.read("Claim", settlement.claim)
    assert stored is not None
    reading = read_claim(read_stored(stored.body, id=stored.id), today=NOON.date())
    lines = tuple(
        Line(line.number, line.code, line.amount, line.quantity,
             area.catalogue.terms(line.code, level="city_hospital", day=line.served_on), line.served_on)
        for line in reading.lines
    )  # fmt: skip
    return Claim(
        id=ClaimId(settlement.claim),
        area=AREA,
        scheme="resident",
        person=Person(PersonId(settlement.person), "resident", BORN_ON, "male"),
        institution=InstitutionCode(settlement.institution),
        level="city_hospital",
        kind=reading.kind,
        from_on=reading.from_on,
        to_on=reading.to_on,
        lines=lines,
        diagnoses=reading.diagnoses,
        disease=reading.disease,
    )


def check_replay(store: Store, person: str, area: AreaPolicy) -> list[str]:
    """What differs between the settlements as committed and the same claims decided one after the other."""
    settlements = sorted(store.settlements(limit=CLAIMS + 1), key=lambda each: each.number)
    replayed = settle((Case(rebuilt(store, each, area)) for each in settlements), lambda _claim: area.policy)
    found = []
    if [each.number for each in settlements] != list(range(1, CLAIMS + 1)):
        found.append("numbers are not those of the commits")
    for settlement, outcome in zip(settlements, replayed, strict=True):
        assert isinstance(outcome, Decision)
        stored = msgspec.json.decode(settlement.trace)
        now = msgspec.json.decode(encode(trace(outcome)))
        if (settlement.fund, settlement.total) != (outcome.fund_total, outcome.total):
            found.append(f"number {settlement.number}: {settlement.fund}, replayed {outcome.fund_total}")
        elif stored["notes"] != now["notes"]:
            found.append(f"number {settlement.number} is explained by other figures")
    used = store.counters(PersonId(person), "resident")["basic", "2015"]
    if used.counted != money.of(CEILING):
        found.append(f"the year counts {money.text(used.counted)}")
    if used.fund != sum(each.fund for each in settlements):
        found.append("the counter is not the sum of the decisions")
    return found


@pytest.mark.parametrize(("database", "processes"), [("sqlite", 1), ("postgres", 1), ("postgres", 4)])
def test_two_hundred_claims_at_once_are_decided_in_the_order_of_their_commit(
    database: str, processes: int, area: AreaPolicy, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else f"sqlite:///{tmp_path}/gateway.db"
    with gateways(url, area, processes) as exchanges:
        citizen_id, person = enrolled(exchanges[0])

        assert race(exchanges, bodies_of(citizen_id)) == []
        store = exchanges[-1].store
        assert check_replay(store, person, area) == []
        assert store.verify().problems == ()
