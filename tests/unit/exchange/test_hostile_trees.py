"""Trees of any shape become resources or problems with their place, never anything else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.contract import Tree
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir, unmapped
from tests.unit.exchange.mapping_files import (
    HEAD,
    found,
    mapping_of,
    outcome,
    problems_of,
    write_mapping,
)

EVERYTHING = """\
- {from: data.psn_no, to: patient.reference, as: "Patient/{}", required: true}
- {from: data.sum, to: total.value, type: money}
- {from: data.days, to: days, type: integer}
- {from: "data.ids[type=1].no", to: id, type: citizen-id}
- {from: "data.ids[0].no", to: "given[1]"}
- {const: x, to: x, when: {data.sum: "*", "data.ids[0].type": 1}}
- each: lines
  to: item
  when: {kind: ["1", "2"]}
  rows:
    - {index: 1, to: sequence}
    - {from: cnt, to: quantity, type: quantity}
    - {from: "^data.ids[type=@kind].no", to: no}
    - {each: sub, to: detail, rows: [{from: ., to: text}, {from: ^data.sum, to: sum, type: price}]}
- {each: "groups[*].lines", to: more, rows: [{from: day, to: day, type: day}, {from: at, to: at, type: instant}]}
"""

WORDS = st.sampled_from(
    ["data", "psn_no", "sum", "days", "ids", "type", "no", "lines", "kind", "cnt", "sub", "groups", "day", "at"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=5)
    | st.sampled_from(["1", "2", 1, "2015-03-09", "321182195001010012"])
)
TREES = st.recursive(
    LEAVES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=6), max_leaves=25
)
SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "data": st.dictionaries(WORDS, TREES, max_size=8) | TREES,
        "lines": st.lists(st.dictionaries(WORDS, TREES, max_size=6), max_size=4) | TREES,
        "groups": st.lists(st.fixed_dictionaries({"lines": st.lists(TREES, max_size=3)}), max_size=3) | TREES,
    },
)

with tempfile.TemporaryDirectory() as _folder:
    HOSTILE = mapping_of(Path(_folder), EVERYTHING, "- {from: data.psn_no, to: a.b}\n- {from: lines, to: lines}")


@given(SHAPED)
def test_whatever_comes_there_are_resources_or_problems(tree: Tree) -> None:
    resources, problems = outcome(HOSTILE, tree)
    assert [resource["resourceType"] for resource in resources] == ([] if problems else ["Claim"])
    assert len(set(problems)) == len(problems), "each problem once"
    assert not any(problem.path.startswith(("^", ".")) or ".." in problem.path for problem in problems)


@given(SHAPED)
def test_whatever_comes_the_unread_values_can_be_listed(tree: Tree) -> None:
    assert unmapped(HOSTILE, tree) == sorted(unmapped(HOSTILE, tree))


def test_every_problem_is_reported_at_once_with_its_path(tmp_path: Path) -> None:
    lines = [{"kind": "1", "cnt": "1"}, {"kind": "1", "cnt": "x", "sub": ["a", {}]}, "text", {"kind": "2", "sub": {}}]
    tree = {"data": {"sum": "1.2.3", "days": [1], "ids": {}}, "lines": lines, "groups": [{"lines": [{"day": "0"}]}]}
    assert found(HOSTILE, tree) == [
        ("missing-field", "data.psn_no"),
        ("bad-amount", "data.sum"),
        ("bad-structure", "data.days"),
        ("bad-structure", "data.ids"),
        ("bad-quantity", "lines[1].cnt"),
        ("bad-price", "data.sum"),
        ("bad-structure", "lines[1].sub[1]"),
        ("bad-structure", "lines[2]"),
        ("bad-structure", "lines[3].sub"),
        ("bad-day", "groups[0].lines[0].day"),
    ]


@pytest.mark.parametrize("tree", [{"data": []}, {"data": "x"}, {"data": 1}, {"data": {"a": {"b": "x"}}}], ids=repr)
def test_another_structure_in_the_way_is_a_problem_where_it_stands(tmp_path: Path, tree: Tree) -> None:
    mapping = mapping_of(tmp_path, "- {from: data.a.b.c, to: x}\n- {from: data.a.b.d, to: y}")
    path = "data.a.b" if isinstance(tree["data"], dict) else "data"
    (problem,) = problems_of(lambda: to_fhir(mapping, tree))
    assert (problem.code, problem.path) == ("bad-structure", path)
    assert problem.en.endswith("send an object here")


# Coverage of a message by its rows


def test_populated_values_that_no_row_reads_are_listed(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        - {from: data.a, to: a}
        - {const: 1, to: one, when: {data.guard: 1}}
        - {from: "ids[type=1].no", to: id}
        - {from: "names[0].text", to: name}
        - each: lines
          to: item
          when: {kind: 1}
          rows: [{from: cnt, to: cnt}, {from: ^data.root, to: root}, {each: sub, to: sub, rows: [{from: x, to: x}]}]
        - {each: "groups[*].list", to: more, rows: [{from: ., to: text}]}
        """,
    )
    tree: Tree = {
        "data": {"a": "1", "guard": "1", "root": "r", "unread": "u", "null": None, "empty": "", "none": []},
        "ids": [{"type": "1", "no": "2", "by": "x"}],
        "names": [{"text": "a"}, {"text": "b"}],
        "lines": [{"cnt": 1, "kind": 1}, {"cnt": 1, "memo": "m", "sub": [{"x": 1, "y": 2}]}, {"memo": "n"}],
        "groups": [{"list": ["a"], "of": "o"}],
        "extra": {"deep": [{"leaf": False}]},
    }
    assert unmapped(mapping, tree) == [
        "data.unread",
        "extra.deep[].leaf",
        "groups[].of",
        "ids[].by",
        "lines[].memo",
        "lines[].sub[].y",
        "names[].text",
    ]


def test_a_block_whose_guard_cannot_be_asked_is_a_problem(tmp_path: Path) -> None:
    block = "build: [{resource: Claim, when: {data.kind: 1}, rows: [{from: a, to: b}]}]\n"
    write_mapping(tmp_path, HEAD + block)
    mapping = load_mappings(tmp_path)["clinic", "visit"]
    assert found(mapping, {"data": []}) == [("bad-structure", "data")]
