"""Resources: versions, index rows, searches, what a job sees of its own group."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Refusal
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import DateRange, Stored, Token, Wants

CITIZEN = Token("identifier", "https://gateway.example/fhir/sid/citizen-id", "321182198001011234")
OTHER = Token("identifier", "https://gateway.example/fhir/sid/citizen-id", "321182198001015678")


def put(
    store: Store, id: str, *, type: str = "Patient", body: bytes = b"{}", tokens: Sequence[Token] = (),
    dates: Sequence[DateRange] = (), owner: str = "", person: str = "", expected: int | None = None,
) -> Stored:  # fmt: skip
    return store.submit(
        lambda unit: unit.put(
            type=type,
            id=id,
            body=body,
            tokens=tokens,
            dates=dates,
            owner=owner,
            person=person,
            expected_version=expected,
        )
    ).result(30)


def found(store: Store, type: str = "Patient", **filters: object) -> list[str]:
    page = [one.id for one in store.search(type, limit=100, **filters)]  # type: ignore[arg-type]
    assert store.count(type, **filters) == len(page)  # type: ignore[arg-type]
    return page


def test_a_resource_is_read_as_it_was_put(store: Store) -> None:
    stored = put(store, "p1", body='{"name":"张测试"}'.encode(), owner="H32118200001", person="p1")
    assert (stored.version, stored.body, stored.owner, stored.person) == (
        1, '{"name":"张测试"}'.encode(), "H32118200001", "p1",
    )  # fmt: skip
    assert store.read("Patient", "p1") == stored
    assert store.read("Patient", "p2") is None
    assert store.read("Coverage", "p1") is None


def test_a_long_body_survives_compression(store: Store) -> None:
    body = b'{"item":[' + b'{"code":"XA01"},' * 2_000 + b"{}]}"
    put(store, "c1", type="Claim", body=body)
    stored = store.read("Claim", "c1")
    assert stored is not None
    assert stored.body == body


def test_every_version_is_kept(store: Store) -> None:
    first, second, third = (put(store, "p1", body=body) for body in (b"1", b"2", b"3"))
    assert [one.version for one in (first, second, third)] == [1, 2, 3]
    assert [store.read_version("Patient", "p1", number) for number in (1, 2, 3)] == [first, second, third]
    assert store.read_version("Patient", "p1", 4) is None
    assert store.read_version("Patient", "p2", 1) is None


def test_versions_put_by_one_job_are_kept_too(store: Store) -> None:
    def work(unit: Unit) -> list[Stored]:
        return [unit.put(type="Claim", id="c1", body=body, tokens=[CITIZEN]) for body in (b"1", b"2", b"3")]

    for one in store.submit(work).result(30) + store.submit(work).result(30):
        assert store.read_version("Claim", "c1", one.version) == one
    assert store.verify().problems == ()


def test_an_unexpected_version_is_a_conflict(store: Store) -> None:
    put(store, "p1", expected=0)
    put(store, "p1", expected=1)
    for expected in (0, 1, 3):
        with pytest.raises(Refusal) as refused:
            put(store, "p1", expected=expected)
        assert refused.value.problems[0].code == "version-conflict"
    assert store.read_version("Patient", "p1", 3) is None


def test_updated_at_is_the_groups_instant_in_milliseconds(store: Store) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    stored = put(store, "p1")
    assert before <= stored.updated_at <= datetime.now(UTC)
    assert stored.updated_at.microsecond % 1000 == 0
    assert found(store, updated=(stored.updated_at, None)) == ["p1"]
    assert found(store, updated=(None, stored.updated_at)) == ["p1"]
    assert found(store, updated=(stored.updated_at, stored.updated_at)) == ["p1"]
    assert found(store, updated=(None, stored.updated_at - timedelta(microseconds=1))) == []
    assert found(store, updated=(stored.updated_at + timedelta(microseconds=1), None)) == []


def test_a_job_sees_what_it_wrote(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.put(type="Patient", id="p1", body=b"1", tokens=[CITIZEN], person="p1")
        coverage = unit.put(type="Coverage", id="v1", body=b"2", person="p1")
        read = unit.read("Patient", "p1")
        assert read is not None
        assert read.body == b"1"
        assert unit.find("Patient", CITIZEN) == ["p1"]
        assert unit.of_person("Coverage", PersonId("p1")) == [coverage]
        unit.put(type="Patient", id="p1", body=b"1", tokens=[OTHER])
        assert unit.find("Patient", CITIZEN) == []
        assert unit.find("Patient", OTHER) == ["p1"]

    store.submit(work).result(30)


def test_what_is_committed_and_what_is_pending_are_found_together(store: Store) -> None:
    put(store, "p1", tokens=[CITIZEN])
    put(store, "p2", tokens=[CITIZEN])
    put(store, "v1", type="Coverage", person="p1")

    def work(unit: Unit) -> tuple[list[str], list[str]]:
        unit.put(type="Patient", id="p0", body=b"{}", tokens=[CITIZEN])
        unit.put(type="Patient", id="p2", body=b"{}", tokens=[OTHER])
        unit.put(type="Coverage", id="v0", body=b"{}", person="p1")
        return unit.find("Patient", CITIZEN), [one.id for one in unit.of_person("Coverage", PersonId("p1"))]

    wants = Wants(tokens=(("Patient", CITIZEN),), resources=(("Patient", "p2"),))
    assert store.submit(work, wants).result(30) == (["p0", "p1"], ["v0", "v1"])
    assert found(store, tokens=[[CITIZEN]]) == ["p0", "p1"]
    assert found(store, tokens=[[OTHER]]) == ["p2"]


def test_a_resource_may_change_its_person(store: Store) -> None:
    put(store, "v1", type="Coverage", person="p1")

    def work(unit: Unit) -> tuple[int, int]:
        unit.put(type="Coverage", id="v1", body=b"{}", person="p2")
        return len(unit.of_person("Coverage", PersonId("p1"))), len(unit.of_person("Coverage", PersonId("p2")))

    assert store.submit(work).result(30) == (0, 1)
    assert store.submit(lambda unit: len(unit.of_person("Coverage", PersonId("p1")))).result(30) == 0


def test_a_search_combines_tokens(store: Store) -> None:
    active, draft = Token("status", "", "active"), Token("status", "", "draft")
    put(store, "c1", type="Claim", tokens=[active, CITIZEN, CITIZEN])
    put(store, "c2", type="Claim", tokens=[draft, CITIZEN])
    put(store, "c3", type="Claim", tokens=[active, OTHER])
    assert found(store, "Claim", tokens=[[active]]) == ["c1", "c3"]
    assert found(store, "Claim", tokens=[[active, draft], [CITIZEN]]) == ["c1", "c2"]
    assert found(store, "Claim", tokens=[[active], [OTHER]]) == ["c3"]
    assert found(store, "Claim", tokens=[[Token("status", "", "cancelled")]]) == []
    assert found(store, "ClaimResponse", tokens=[[active]]) == []
    assert found(store, "Claim", ids=["c3", "c1", "c9"]) == ["c1", "c3"]
    assert found(store, "Claim", ids=[]) == []


def test_an_update_replaces_the_index_rows(store: Store) -> None:
    put(store, "c1", type="Claim", tokens=[CITIZEN], dates=[DateRange("created", date(2015, 3, 9), date(2015, 3, 9))])
    put(store, "c1", type="Claim", tokens=[OTHER], dates=[DateRange("created", date(2015, 4, 1), date(2015, 4, 1))])
    assert found(store, "Claim", tokens=[[CITIZEN]]) == []
    assert found(store, "Claim", tokens=[[OTHER]]) == ["c1"]
    assert found(store, "Claim", dates=[("created", date(2015, 3, 1), date(2015, 3, 31))]) == []
    assert found(store, "Claim", dates=[("created", date(2015, 4, 1), date(2015, 4, 1))]) == ["c1"]
    assert store.verify().problems == ()


def test_a_date_search_takes_days_of_the_business_zone(store: Store) -> None:
    put(store, "c1", type="Claim", dates=[DateRange("created", date(2015, 3, 9), date(2015, 3, 9))])
    midnight_in_china = datetime(2015, 3, 8, 16, tzinfo=UTC)
    cases = [
        ((date(2015, 3, 9), None), True),
        ((date(2015, 3, 10), None), False),
        ((None, date(2015, 3, 8)), False),
        ((None, date(2015, 3, 9)), True),
        ((midnight_in_china, midnight_in_china), True),
        ((None, midnight_in_china - timedelta(microseconds=1)), False),
        ((midnight_in_china + timedelta(days=1), None), False),
        ((midnight_in_china + timedelta(days=1, seconds=-1), None), True),
    ]
    for (start, until), matches in cases:
        assert found(store, "Claim", dates=[("created", start, until)]) == (["c1"] if matches else [])
    assert found(store, "Claim", dates=[("billable", date(2015, 3, 9), None)]) == []


def test_an_open_range_has_no_end(store: Store) -> None:
    put(store, "v1", type="Coverage", dates=[DateRange("period", date(2015, 1, 1), date.max)])
    assert found(store, "Coverage", dates=[("period", date(2999, 1, 1), date(2999, 1, 2))]) == ["v1"]
    assert found(store, "Coverage", dates=[("period", None, date(2014, 12, 31))]) == []


def test_an_institution_sees_what_it_owns_and_the_persons_it_treats(store: Store) -> None:
    here, there = "H32118200001", "H32118200002"
    for person in ("p1", "p2", "p3"):
        put(store, person, person=person)
        put(store, f"v-{person}", type="Coverage", person=person)
    put(store, "c1", type="Claim", owner=here, person="p1")
    put(store, "e1", type="Encounter", owner=here, person="p2")
    put(store, "c3", type="Claim", owner=there, person="p3")
    assert found(store, "Claim", owner=here) == ["c1"]
    assert found(store, persons_of=here) == ["p1", "p2"]
    assert found(store, "Coverage", persons_of=here) == ["v-p1", "v-p2"]
    assert found(store, "Coverage", persons_of=there) == ["v-p3"]
    assert found(store, persons_of="H32118200003") == []


def test_pages_go_by_id(store: Store) -> None:
    for id in ("b", "A", "c", "B", "a"):
        put(store, id)
    pages, after = [], None
    while page := store.search("Patient", after=after, limit=2):
        pages.append([one.id for one in page])
        after = page[-1].id
    assert pages == [["A", "B"], ["a", "b"], ["c"]]


@pytest.mark.parametrize("text", ["a\0b", "half \ud800"])
def test_text_that_cannot_be_stored_is_refused(store: Store, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        put(store, text)
    assert refused.value.problems[0].code == "unstorable-text"
    with pytest.raises(Refusal):
        store.read("Patient", text)
    wants = Wants(persons=(PersonId(text),))
    with pytest.raises(Refusal):
        store.submit(lambda unit: unit.last_number(PersonId("p1"), "resident"), wants).result(30)
    assert found(store, tokens=[[Token("identifier", "", text)]]) == []
    put(store, "p1")
