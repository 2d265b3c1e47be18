"""A message's tree becomes FHIR resources, as the build rows of its mapping say."""

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.contract import Tree
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir
from tests.unit.exchange.mapping_files import (
    HEAD,
    claim_of,
    found,
    mapping_of,
    write_map,
    write_mapping,
)

SID = "https://gateway.example/fhir/sid/"
CS = "https://gateway.example/fhir/CodeSystem/"
EXT = "https://gateway.example/fhir/StructureDefinition/"


def test_values_are_copied_to_the_places_named(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - {from: data.psn_no, to: patient.reference, as: "Patient/{}"}
        - {from: data.kind, to: "subType.coding[0].code"}
        - {const: "cs:claim-kind", to: "subType.coding[0].system"}
        - {from: data.bill, to: "identifier[system=sid:bill].value"}
        - {from: data.visit, to: "identifier[system=sid:visit].value"}
        - {const: usual, to: "identifier[system=sid:bill].use"}
        - {from: data.visit, to: "extension[url=ext:visit].valueReference.reference", as: "Encounter/{}"}
        """,
    )
    claim = claim_of(mapping, {"data": {"psn_no": "P1", "kind": "outpatient", "bill": "B1", "visit": "V1"}})
    assert claim == {
        "patient": {"reference": "Patient/P1"},
        "subType": {"coding": [{"code": "outpatient", "system": CS + "claim-kind"}]},
        "identifier": [
            {"system": SID + "bill", "value": "B1", "use": "usual"},
            {"system": SID + "visit", "value": "V1"},
        ],
        "extension": [{"url": EXT + "visit", "valueReference": {"reference": "Encounter/V1"}}],
    }


@pytest.mark.parametrize("absent", [{}, {"a": None}, {"a": ""}, {"a": " \u3000 "}], ids=repr)
def test_what_is_absent_null_or_empty_is_skipped(tmp_path: Path, absent: Tree) -> None:
    mapping = mapping_of(tmp_path, "- {from: data.a, to: x.y}\n- {from: data.a, to: z, type: money}")
    assert claim_of(mapping, {"data": absent}) == {}
    assert claim_of(mapping, {}) == {}


def test_a_default_stands_in_and_goes_through_the_same_steps(tmp_path: Path) -> None:
    write_map(tmp_path, "kinds", {"11": "outpatient"})
    mapping = mapping_of(
        tmp_path,
        "- {from: a, to: sum, type: money, default: 0}\n- {from: b, to: kind, map: kinds, as: 'kind-{}', default: 11}",
    )
    assert claim_of(mapping, {}) == {"sum": Decimal("0.00"), "kind": "kind-outpatient"}


def test_a_required_value_that_is_missing_is_a_problem_at_its_path(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, "- {from: data.a, to: x, required: true}")
    assert found(mapping, {}) == [("missing-field", "data.a")]
    assert found(mapping, {"data": {"a": " "}}) == [("missing-field", "data.a")]


def test_of_two_rows_for_one_place_the_last_with_a_value_wins(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, "- {from: a, to: x}\n- {from: b, to: x}")
    assert claim_of(mapping, {"a": "1", "b": "2"}) == {"x": "2"}
    assert claim_of(mapping, {"a": "1"}) == {"x": "1"}


def test_yaml_values_keep_their_exact_form(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - {const: 0.50, to: exact}
        - {const: 12, to: whole}
        - {const: "12", to: quoted}
        - {const: 0011, to: zeros}
        - {const: 2015-01-01, to: day}
        - {const: true, to: truth}
        - {const: on, to: word}
        """,
    )
    claim = claim_of(mapping, {})
    assert claim == {
        "exact": Decimal("0.50"),
        "whole": 12,
        "quoted": "12",
        "zeros": "0011",
        "day": "2015-01-01",
        "truth": True,
        "word": "on",
    }
    assert str(claim["exact"]) == "0.50"
    assert claim["truth"] is True


def test_an_index_names_a_slot_and_slots_nobody_writes_are_left_out(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - {from: a, to: "reason[0].text"}
        - {from: b, to: "reason[1].text"}
        - {from: c, to: "given[2]"}
        - {from: d, to: "given[0]"}
        """,
    )
    assert claim_of(mapping, {"b": "2", "c": "3"}) == {"reason": [{"text": "2"}], "given": ["3"]}
    assert claim_of(mapping, {"a": "1", "b": "2", "c": "3", "d": "0"}) == {
        "reason": [{"text": "1"}, {"text": "2"}],
        "given": ["0", "3"],
    }


# Lists


def test_each_element_of_a_list_appends_one_object(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - each: lines
          to: item
          rows:
            - {index: 1, to: sequence}
            - {index: 1, to: label, as: "L{}"}
            - {from: cnt, to: quantity.value, type: quantity}
            - {from: ^data.day, to: servicedDate, type: day}
        """,
    )
    claim = claim_of(mapping, {"data": {"day": "20150309"}, "lines": [{"cnt": "1"}, None, {"cnt": "2.5"}]})
    assert claim["item"] == [
        {"sequence": 1, "label": "L1", "quantity": {"value": Decimal("1")}, "servicedDate": "2015-03-09"},
        {"sequence": 2, "label": "L2", "quantity": {"value": Decimal("2.5")}, "servicedDate": "2015-03-09"},
    ]


def test_each_is_guarded_by_its_elements_and_numbers_only_what_it_writes(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - each: diseases
          to: diagnosis
          when: {type: ["1", "2"]}
          unless: {void: true}
          rows: [{index: 1, to: sequence}, {from: code, to: code}]
        """,
    )
    diseases = [
        {"type": 3, "code": "A"},
        {"type": 1, "code": "B"},
        {"type": "2", "code": "C", "void": True},
        {"type": "2", "code": "D"},
    ]
    claim = claim_of(mapping, {"diseases": diseases})
    assert claim["diagnosis"] == [{"sequence": 1, "code": "B"}, {"sequence": 2, "code": "D"}]


def test_elements_that_write_nothing_append_nothing(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, "- {each: lines, to: item, rows: [{from: a, to: b}]}")
    assert claim_of(mapping, {"lines": [{}, {"a": "1"}]}) == {"item": [{"b": "1"}]}
    assert claim_of(mapping, {"lines": [{}]}) == {}
    assert claim_of(mapping, {"lines": []}) == {}


NESTED = {"PSS": [{"PSG": [{"PSL": [{"n": "a"}, {"n": "b"}]}]}, {"PSG": [{"PSL": [{"n": "c"}]}, {}]}]}
NUMBERED = {"item": [{"sequence": 1, "n": "a"}, {"sequence": 2, "n": "b"}, {"sequence": 3, "n": "c"}]}


@pytest.mark.parametrize(
    "rows",
    [
        '- {each: "PSS[*].PSG[*].PSL", to: item, rows: [{index: 1, to: sequence}, {from: n, to: n}]}',
        '- {each: "PSS[*].PSG[*].PSL[*]", to: item, rows: [{index: 1, to: sequence}, {from: n, to: n}]}',
        """
        - each: PSS
          rows:
            - each: PSG
              rows: [{each: PSL, to: item, rows: [{index: 1, to: sequence}, {from: n, to: n}]}]
        """,
    ],
)
def test_lists_in_lists_flatten_into_one_with_a_running_number(tmp_path: Path, rows: str) -> None:
    mapping = mapping_of(tmp_path, rows)
    assert claim_of(mapping, NESTED) == NUMBERED
    assert found(mapping, {"PSS": [{}, {"PSG": [{"PSL": [{"n": "a"}, "x"]}]}]}) == [
        ("bad-structure", "PSS[1].PSG[0].PSL[1]")
    ]
    assert found(mapping, {"PSS": [{"PSG": []}, "x"]}) == [("bad-structure", "PSS[1]")]


def test_nested_each_builds_lists_in_lists(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - each: groups
          to: item
          rows:
            - {index: 1, to: sequence}
            - {each: lines, to: detail, rows: [{index: 1, to: sequence}, {from: ., to: text}]}
            - {index: 1, to: again}
        """,
    )
    assert claim_of(mapping, {"groups": [{"lines": ["a", "b"]}, {"lines": ["c"]}]})["item"] == [
        {"sequence": 1, "detail": [{"sequence": 1, "text": "a"}, {"sequence": 2, "text": "b"}], "again": 1},
        {"sequence": 2, "detail": [{"sequence": 1, "text": "c"}], "again": 2},
    ]


def test_a_required_list_needs_an_element(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, "- {each: data.lines, to: item, required: true, rows: [{from: a, to: b}]}")
    assert found(mapping, {"data": {}}) == [("missing-field", "data.lines")]
    assert found(mapping, {"data": {"lines": []}}) == [("missing-field", "data.lines")]


# Conditions


def test_a_source_may_select_the_element_that_has_a_value(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, '- {from: "PID.3[CX.5=NI].CX.1", to: id}\n- {from: "codes[0].c[use=2].v", to: v}')
    tree = {
        "PID": {"3": [{"CX": {"1": "1", "5": "MR"}}, None, {"CX": {"1": "2", "5": "NI"}}]},
        "codes": [{"c": [{"use": 2, "v": "x"}]}],
    }
    assert claim_of(mapping, tree) == {"id": "2", "v": "x"}
    assert claim_of(mapping, {"PID": {"3": []}, "codes": []}) == {}
    assert found(mapping, {"PID": {"3": ["x"]}, "codes": [{"c": {}}]}) == [
        ("bad-structure", "PID.3[0]"),
        ("bad-structure", "codes[0].c"),
    ]


def test_a_source_may_select_by_another_value(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path, '- {each: lines, to: item, rows: [{from: "^prices[code=@code].price", to: net, type: money}]}'
    )
    tree: Tree = {
        "prices": [{"code": 1, "price": "1.00"}, {"code": "2", "price": "2.00"}, {"code": "2", "price": "9"}, {}],
        "lines": [{"code": "2"}, {"code": "1"}, {"code": "3"}, {}, {"code": {}}],
    }
    assert claim_of(mapping, tree)["item"] == [{"net": Decimal("2.00")}, {"net": Decimal("1.00")}]


@pytest.mark.parametrize(
    ("guard", "runs"),
    [
        ("when: {data.a: 1}", True),
        ("when: {data.a: 2}", False),
        ("when: {data.a: [2, 1]}", True),
        ("when: {data.a: 1, data.b: x}", False),
        ('when: {data.a: "*"}', True),
        ('when: {data.b: "*"}', False),
        ('when: {data: "*"}', True),
        ("when: {data.sys: cs:scheme}", True),
        ("unless: {data.a: 1}", False),
        ("unless: {data.b: x}", True),
        ("unless: {data.b: x, data.a: 1}", False),
        ('when: {data.a: 1}, unless: {data.sys: "*"}', False),
    ],
)
def test_guards_let_a_row_run_only_where_they_hold(tmp_path: Path, guard: str, runs: bool) -> None:
    mapping = mapping_of(tmp_path, f"- {{const: yes, to: x, {guard}}}")
    tree = {"data": {"a": " 1 ", "b": " ", "sys": CS + "scheme"}}
    assert claim_of(mapping, tree) == ({"x": "yes"} if runs else {})


def test_a_resource_may_be_guarded(tmp_path: Path) -> None:
    blocks = """\
build:
  - {resource: Patient, rows: [{from: name, to: name}]}
  - {resource: Parameters, when: {event: "*"}, rows: [{from: event, to: event}]}
"""
    write_mapping(tmp_path, HEAD + blocks)
    mapping = load_mappings(tmp_path)["clinic", "visit"]
    assert [one["resourceType"] for one in to_fhir(mapping, {"name": "张测试"})] == ["Patient"]
    assert [one["resourceType"] for one in to_fhir(mapping, {"event": "birth"})] == ["Patient", "Parameters"]
    assert found(mapping, {"event": []}) == [("bad-structure", "event")]
