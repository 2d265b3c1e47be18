"""Searches: what is indexed, what may be asked, and how a question becomes the store's terms."""

from datetime import date, datetime
from typing import Any

import pytest

from gateway.fhir.index import DateRange, Token, index_of
from gateway.fhir.search import Search, link, parse_search
from gateway.fhir.search_parameters import PARAMETERS
from gateway.fhir.systems import BASE, sid
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.problem import Refusal
from tests.unit.fhir.samples import CITIZEN, PERSON, claim, coverage, patient


def china(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=BUSINESS_ZONE)  # type: ignore[misc,arg-type]


def refused(type_name: str, query: str) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refusal:
        parse_search(type_name, query)
    return [(problem.code, problem.path) for problem in refusal.value.problems]


def test_a_claim_is_indexed_by_its_r4_parameters() -> None:
    tokens, dates = index_of(claim())

    assert set(tokens) == {
        Token("identifier", sid("visit"), "MZ20150309001"),
        Token("identifier", "*", "MZ20150309001"),
        Token("identifier", sid("bill"), "B20150309001"),
        Token("identifier", "*", "B20150309001"),
        Token("patient", "", f"Patient/{PERSON}"),
        Token("status", "", "active"),
    }
    assert dates == [DateRange("created", date(2015, 3, 9), date(2015, 3, 9))]


def test_a_coverage_is_found_by_patient_and_beneficiary() -> None:
    tokens, _ = index_of({**coverage(), "beneficiary": {"reference": f"{BASE}/Patient/{PERSON}"}})

    assert Token("patient", "", f"Patient/{PERSON}") in tokens
    assert Token("beneficiary", "", f"Patient/{PERSON}") in tokens


def test_a_replaced_citizen_id_still_finds_the_person() -> None:
    old = {"use": "old", "system": sid("citizen-id"), "value": "321182500101001"}

    tokens, _ = index_of({**patient(), "identifier": [*patient()["identifier"], old]})

    assert Token("identifier", sid("citizen-id"), "321182500101001") in tokens


@pytest.mark.parametrize(
    ("created", "low", "high"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
        ("2015-03-09T08:30:00+08:00", china(2015, 3, 9, 8, 30), china(2015, 3, 9, 8, 30)),
    ],
)
def test_a_date_is_indexed_as_what_it_covers(created: str, low: Any, high: Any) -> None:
    assert index_of({"resourceType": "Claim", "created": created})[1] == [DateRange("created", low, high)]


def test_a_type_without_parameters_has_no_rows() -> None:
    assert index_of({"resourceType": "Parameters", "status": "active"}) == ([], [])


def test_a_question_in_the_terms_of_the_store() -> None:
    query = (
        f"identifier={sid('bill')}%7CB1,{sid('visit')}%7CV1&status=active&patient=Patient/{PERSON}"
        "&created=ge2015-03-01&created=lt2015-04&_lastUpdated=gt2015-03-09T00:00:00Z&_id=a,b&_count=5&_after=xyz"
    )

    assert parse_search("Claim", query) == Search(
        "Claim",
        ids=("a", "b"),
        tokens=(
            (Token("identifier", sid("bill"), "B1"), Token("identifier", sid("visit"), "V1")),
            (Token("status", "", "active"),),
            (Token("patient", "", f"Patient/{PERSON}"),),
        ),
        dates=(
            ("created", china(2015, 3, 1), None),
            ("created", None, china(2015, 3, 31, 23, 59, 59, 999999)),
        ),
        updated=(china(2015, 3, 9, 8, 0, 1), None),
        count=5,
        after="xyz",
        pairs=(
            ("identifier", f"{sid('bill')}|B1,{sid('visit')}|V1"),
            ("status", "active"),
            ("patient", f"Patient/{PERSON}"),
            ("created", "ge2015-03-01"),
            ("created", "lt2015-04"),
            ("_lastUpdated", "gt2015-03-09T00:00:00Z"),
            ("_id", "a,b"),
        ),
    )


@pytest.mark.parametrize(
    ("query", "token"),
    [
        (f"identifier=urn:a|{CITIZEN}", Token("identifier", "urn:a", CITIZEN)),
        (f"identifier=|{CITIZEN}", Token("identifier", "", CITIZEN)),
        (f"identifier={CITIZEN}", Token("identifier", "*", CITIZEN)),
        ("identifier=a\\,b\\|c\\\\", Token("identifier", "*", "a,b|c\\")),
    ],
)
def test_the_forms_of_a_token(query: str, token: Token) -> None:
    assert parse_search("Patient", query).tokens == ((token,),)


@pytest.mark.parametrize(
    ("value", "system"), [("active", ""), ("http://hl7.org/fhir/fm-status|active", ""), ("urn:x|active", "urn:x")]
)
def test_a_code_may_name_its_implied_system(value: str, system: str) -> None:
    assert parse_search("Claim", f"status={value}").tokens == ((Token("status", system, "active"),),)


@pytest.mark.parametrize("value", ["1", "Patient/1", f"{BASE}/Patient/1"])
def test_the_forms_of_a_reference(value: str) -> None:
    assert parse_search("Coverage", f"beneficiary={value}").tokens == ((Token("beneficiary", "", "Patient/1"),),)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2015-03-09", china(2015, 3, 9), china(2015, 3, 9, 23, 59, 59, 999999)),
        ("eq2015", china(2015, 1, 1), china(2015, 12, 31, 23, 59, 59, 999999)),
        ("ge2015-03", china(2015, 3, 1), None),
        ("gt2015-03-09", china(2015, 3, 10), None),
        ("le2015-03-09", None, china(2015, 3, 9, 23, 59, 59, 999999)),
        ("lt2015-03-09", None, china(2015, 3, 8, 23, 59, 59, 999999)),
        ("2015-03-09T08:30", china(2015, 3, 9, 8, 30), china(2015, 3, 9, 8, 30, 59, 999999)),
        ("2015-03-09T08:30:00+08:00", china(2015, 3, 9, 8, 30), china(2015, 3, 9, 8, 30, 0, 999999)),
        ("2015-03-09T00:30:00.123Z", china(2015, 3, 9, 8, 30, 0, 123000), china(2015, 3, 9, 8, 30, 0, 123999)),
    ],
)
def test_a_date_covers_its_precision_and_the_prefix_opens_one_end(value: str, low: Any, high: Any) -> None:
    """Also with a plus sign that was not escaped in the address."""
    assert parse_search("Claim", f"created={value}").dates == (("created", low, high),)


def test_several_last_updates_narrow_each_other() -> None:
    search = parse_search("Claim", "_lastUpdated=ge2015-03-01&_lastUpdated=ge2015-03-02&_lastUpdated=le2015-03-03")

    assert search.updated == (china(2015, 3, 2), china(2015, 3, 3, 23, 59, 59, 999999))


def test_several_ids_must_all_agree() -> None:
    assert parse_search("Claim", "_id=a,b&_id=b,c").ids == ("b",)
    assert parse_search("Claim", "_id=a&_id=b").ids == ()


def test_a_page_has_at_most_a_hundred() -> None:
    assert parse_search("Claim", "").count == 20
    assert parse_search("Claim", "_count=1000").count == 100


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name=x", [("unknown-parameter", "name")]),
        ("patient:exact=1", [("unknown-parameter", "patient:exact")]),
        ("_include=Claim:patient&_sort=created", [("unknown-parameter", "_include"), ("unknown-parameter", "_sort")]),
        ("status=", [("bad-search-value", "status")]),
        ("identifier=a|b|c", [("bad-search-value", "identifier")]),
        ("identifier=a|", [("bad-search-value", "identifier")]),
        ("patient=Organization/1", [("bad-search-value", "patient")]),
        ("patient=/1", [("bad-search-value", "patient")]),
        ("created=2015-02-29", [("bad-search-value", "created")]),
        ("created=gestern", [("bad-search-value", "created")]),
        ("created=ne2015", [("bad-search-value", "created")]),
        ("created=0001", [("bad-search-value", "created")]),
        ("created=9999-12-31", [("bad-search-value", "created")]),
        ("created=2015-03-09T25:00:00Z", [("bad-search-value", "created")]),
        ("_id=a/b", [("bad-search-value", "_id")]),
        ("_count=0", [("bad-search-value", "_count")]),
        ("_count=-1", [("bad-search-value", "_count")]),
        ("_count=٣", [("bad-search-value", "_count")]),
        ("_format=xml", [("bad-search-value", "_format")]),
        ("status=a&" * 60, [("too-many-parameters", "")]),
    ],
)
def test_what_is_not_understood_is_refused(query: str, expected: list[tuple[str, str]]) -> None:
    assert refused("Claim", query) == expected


def test_an_unknown_parameter_is_told_what_is_offered() -> None:
    with pytest.raises(Refusal) as refusal:
        parse_search("Organization", "name=x")

    assert "_count, _format, _id, _lastUpdated, identifier" in refusal.value.problems[0].en


def test_only_types_of_the_table_are_searched() -> None:
    assert refused("Observation", "") == [("not-searchable", "")]


@pytest.mark.parametrize("type_name", sorted(PARAMETERS))
def test_links_ask_the_same_again(type_name: str) -> None:
    search = parse_search(type_name, "_id=a&_count=3&identifier=urn:a%7Cb%26c")

    path, _, query = link(search, after="n+/=").partition("?")

    assert path == type_name
    assert parse_search(type_name, query) == Search(
        **{name: getattr(search, name) for name in search.__slots__} | {"after": "n+/="}
    )
