"""A result becomes the answer's tree, as the answer rows of a mapping say."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.contract import Tree
from gateway.exchange.translate import to_tree
from gateway.kernel.problem import Kind
from tests.unit.exchange.mapping_files import (
    mapping_of,
    problems_of,
    write_map,
)

RESULT: dict[str, Any] = {
    "ClaimResponse": {
        "id": "321182x",
        "request": {"reference": "Claim/9"},
        "total": [
            {"category": {"coding": [{"code": "submitted"}]}, "amount": {"value": Decimal("120.50")}},
            {"category": {"coding": [{"code": "fund-total"}]}, "amount": {"value": Decimal("-0.05")}},
        ],
        "item": [{"itemSequence": 1}, {"itemSequence": 2}],
        "active": True,
    },
    "Claim": {"item": [{"sequence": 2, "code": "B"}, {"sequence": 1, "code": "A"}]},
    "Coverage": [{"id": "c1"}],
    "Context": {"now": datetime(2015, 3, 8, 16, 30, 5, tzinfo=UTC), "text": "2015-03-08T16:30:05.000Z"},
    "day": date(2015, 3, 9),
}


def answer_of(folder: Path, rows: str) -> Tree:
    return to_tree(mapping_of(folder, "- {from: a, to: b}", rows), RESULT)


def test_the_answer_takes_its_values_from_the_named_results(tmp_path: Path) -> None:
    total = "ClaimResponse.total[category.coding[0].code={}].amount.value"
    tree = answer_of(
        tmp_path,
        f"""
        - {{from: ClaimResponse.id, to: setlinfo.setl_id}}
        - {{from: ClaimResponse.request.reference, to: setlinfo.claim, strip: "Claim/"}}
        - {{from: "{total.format("submitted")}", to: setlinfo.text, type: money-text}}
        - {{from: "{total.format("submitted")}", to: setlinfo.number, type: number}}
        - {{from: "{total.format("fund-total")}", to: setlinfo.fund, type: money-text}}
        - {{from: "{total.format("account")}", to: setlinfo.account, type: money, default: 0}}
        - {{from: Context.now, to: at, type: instant-local}}
        - {{from: Context.text, to: at_text, type: instant-local}}
        - {{from: Context.text, to: on, type: day}}
        - {{from: day, to: day, type: day}}
        - {{from: ClaimResponse.active, to: vali_flag, type: flag}}
        - {{from: Coverage, to: whole}}
        - each: ClaimResponse.item
          to: result
          rows:
            - {{from: itemSequence, to: n, type: string}}
            - {{from: itemSequence, to: i, type: integer}}
            - {{from: "^Claim.item[sequence=@itemSequence].code", to: code}}
        """,
    )
    assert tree == {
        "setlinfo": {
            "setl_id": "321182x",
            "claim": "9",
            "text": "120.50",
            "number": Decimal("120.50"),
            "fund": "-0.05",
            "account": Decimal("0.00"),
        },
        "at": "2015-03-09 00:30:05",
        "at_text": "2015-03-09 00:30:05",
        "on": "2015-03-09",
        "day": "2015-03-09",
        "vali_flag": "1",
        "whole": [{"id": "c1"}],
        "result": [{"n": "1", "i": 1, "code": "A"}, {"n": "2", "i": 2, "code": "B"}],
    }
    assert str(tree["setlinfo"]["account"]) == "0.00"


def test_a_default_of_an_answer_may_be_an_empty_text(tmp_path: Path) -> None:
    assert answer_of(tmp_path, '- {from: ClaimResponse.none, to: memo, default: ""}') == {"memo": ""}


@pytest.mark.parametrize(
    "row",
    [
        "{from: ClaimResponse.id.x, to: a}",
        "{from: ClaimResponse.none, to: a, required: true}",
        "{from: ClaimResponse.id, to: a, type: money-text}",
        "{from: ClaimResponse.id, to: a, type: instant-local}",
        "{from: ClaimResponse.id, to: a, type: integer}",
        "{from: ClaimResponse.id, to: a, type: flag}",
        "{from: ClaimResponse.id, to: a, type: day}",
        "{from: ClaimResponse.total, to: a, type: string}",
        "{from: ClaimResponse.id, to: a, map: kinds}",
        "{each: ClaimResponse.id, to: a, rows: [{from: x, to: x}]}",
        "{each: Coverage, to: a, rows: [{from: id.x, to: x}]}",
        "{const: 1, to: a, when: {ClaimResponse.id.x: 1}}",
    ],
)
def test_a_result_that_does_not_fit_its_row_is_our_fault(tmp_path: Path, row: str) -> None:
    write_map(tmp_path, "kinds", {"1": "a"})
    (problem,) = problems_of(lambda: answer_of(tmp_path, "- " + row))
    assert (problem.kind, problem.code) == (Kind.FAULT, "answer-row")


def test_a_long_answer_stays_linear_when_lists_are_matched(tmp_path: Path) -> None:
    rows = '- {each: lines, to: item, rows: [{from: "^prices[code=@code].price", to: p}]}'
    mapping = mapping_of(tmp_path, "- {from: a, to: b}", rows)
    many = range(20_000)  # pair by pair this would be 200 million comparisons
    result = {"lines": [{"code": n} for n in many], "prices": [{"code": n, "price": n} for n in many]}
    assert to_tree(mapping, result)["item"][-1] == {"p": 19_999}
