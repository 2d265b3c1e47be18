"""A gateway of its own for one scenario: a fresh SQLite file, a clock that stands still, ids that are always the same.

People and their contributions come in through the operations themselves and not through a feed, so that no scenario
depends on another adapter.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from gateway.enrolment.category import category_on
from gateway.exchange.apply import OPERATIONS
from gateway.exchange.desk import Desk, Resource
from gateway.exchange.exchange import Exchange
from gateway.exchange.feeds import Feed, load_feeds
from gateway.exchange.publish import publish_reference_data
from gateway.fhir.patient import PatientReading, write_patient
from gateway.fhir.systems import ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.citizen_id import CitizenId, parse_citizen_id
from gateway.kernel.ids import ENTROPY_BITS, AreaCode, make_id
from gateway.policies.load import AreaPolicy, PolicyBook, load_all
from gateway.security.partners import Partner, Partners, Role
from gateway.store.opening import open_store
from gateway.store.sealing import Keyring
from gateway.store.unit import Unit

ROOT = Path(__file__).resolve().parents[2]
ADAPTERS, MAPPINGS = ROOT / "adapters", ROOT / "mappings"
NOON = time(12, tzinfo=BUSINESS_ZONE)
SCHEME = "resident"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A made-up person. `insured`: the contribution of the year is paid."""

    citizen_id: str
    name: str
    insured: bool = True


@dataclass(frozen=True, eq=False)
class Shared:
    """What every scenario reads and none changes."""

    book: PolicyBook
    feeds: Mapping[str, Feed]


def load_shared() -> Shared:
    """All policies and all adapters, however many folders there are."""
    return Shared(load_all(), load_feeds(ADAPTERS, MAPPINGS))


def open_world(folder: Path, shared: Shared, *, area: str, day: date, partners: Sequence[Partner]) -> Exchange:
    """A gateway at noon of `day`, with the directory and plans published. Close its store."""
    now = datetime.combine(day, NOON)
    code = AreaCode(area)

    def clock() -> datetime:
        return now

    store = open_store(
        f"sqlite:///{folder}/gateway.db",
        area=code,
        keyring=Keyring({1: bytes(range(32))}, 1, b"index key of the golden files"),
        clock=clock,
        make_id=_counting_ids(code, now, first=2),
    )
    new_id = _counting_ids(code, now, first=0)
    exchange = Exchange(store, shared.book, Partners(tuple(partners)), shared.feeds, code, clock, new_id)
    publish_reference_data(exchange)
    return exchange


def settle_in(exchange: Exchange, citizens: Sequence[Citizen], *, on: date) -> dict[str, str]:
    """Register people at the beginning of the year of `on` and pay their contributions; Patient ids by citizen ID."""
    first_day = date(on.year, 1, 1)
    loaded = exchange.book.of(exchange.area, SCHEME)
    assert loaded is not None, f"area {exchange.area} has no policy for scheme {SCHEME}"
    area_policy = loaded

    def work(unit: Unit) -> dict[str, str]:
        def desk(role: Role) -> Desk:
            partner = Partner(role.value, role, role.value)
            now, ids = exchange.clock(), exchange.new_id
            return Desk(unit, exchange.book, partner, exchange.area, now, ids, role.value, exchange.guide)

        ids: dict[str, str] = {}
        for number, one in enumerate(citizens, 1):
            registered = OPERATIONS["change-person"](desk(Role.POLICE), _registration(one, number, first_day))
            ids[one.citizen_id] = registered.subject
            if one.insured:
                notice = _contribution(one, number, first_day, area_policy)
                OPERATIONS["post-contribution"](desk(Role.BANK), [notice])
        return ids

    return exchange.store.submit(work).result()


def _registration(one: Citizen, number: int, day: date) -> list[Resource]:
    known = _known(one)
    patient = write_patient(
        PatientReading(
            citizen_id=known.number,
            name=one.name,
            gender=known.sex.value,
            born_on=known.born_on,
            household=f"H{number}",
            household_relation="0",
        )
    )
    told = [{"name": "event", "valueCode": "register"}, {"name": "event-day", "valueDate": day.isoformat()}]
    return [patient, {"resourceType": "Parameters", "parameter": told}]


def _contribution(one: Citizen, number: int, day: date, loaded: AreaPolicy) -> dict[str, Any]:
    return {
        "resourceType": "PaymentNotice",
        "status": "active",
        "identifier": [{"system": sid("message"), "value": f"LEVY{number}"}],
        "paymentDate": day.isoformat(),
        "amount": {"value": _levy(one, day, loaded), "currency": "CNY"},
        "extension": [
            {"url": ext("payer-citizen-id"), "valueString": _known(one).number},
            {"url": ext("benefit-year"), "valueString": str(day.year)},
        ],
    }


def _levy(one: Citizen, day: date, loaded: AreaPolicy) -> Decimal:
    levies, ages = loaded.policy.value_on("levy", day), loaded.policy.value_on("category_ages", day)
    assert levies is not None, f"the policy raises no levy in {day.year}"
    category = category_on(ages.value, born_on=_known(one).born_on, day=day, otherwise=SCHEME) if ages else SCHEME
    return money.decimal(levies.value[category].person)


def _known(one: Citizen) -> CitizenId:
    known = parse_citizen_id(one.citizen_id)
    assert isinstance(known, CitizenId), f"{one.citizen_id} is not a citizen ID"
    return known


def _counting_ids(area: AreaCode, now: datetime, *, first: int) -> Callable[[], str]:
    """Ids in order of asking. Callers and the store's writer count apart, so that neither waits for the other's turn.

    The numbers of maker `first` and of maker `first + 1` never meet: they differ in the highest bits.
    """
    millis = int(now.timestamp() * 1000)
    counts = [0, 0]

    def new_id() -> str:
        side = int(threading.current_thread().name == "store-writer")
        counts[side] += 1
        return make_id(area, millis=millis, entropy=((first + side) << (ENTROPY_BITS - 2)) | counts[side])

    return new_id
