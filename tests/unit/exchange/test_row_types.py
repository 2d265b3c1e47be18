"""Values and codes: what a sender may write for each type of row, what becomes of it, and which problem the rest is."""

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.exchange.translate import to_fhir
from gateway.kernel.citizen_id import check_digit
from gateway.kernel.problem import Kind
from tests.unit.exchange.mapping_files import (
    claim_of,
    found,
    mapping_of,
    problems_of,
    write_concept_map,
    write_map,
)

CITIZEN_17 = "32118219500101001"
CITIZEN = CITIZEN_17 + check_digit(CITIZEN_17)

GOOD: list[tuple[str, object, object]] = [
    ("string", " a ", "a"),
    ("string", 12, "12"),
    ("string", Decimal("1.50"), "1.50"),
    ("string", "张\u3000测试\n", "张\u3000测试"),
    ("money", "12.3", Decimal("12.30")),
    ("money", Decimal("12.340"), Decimal("12.34")),
    ("money", 12, Decimal("12.00")),
    ("money", "-0.01", Decimal("-0.01")),
    ("money", "99999999999999.99", Decimal("99999999999999.99")),
    ("price", "0.000001", Decimal("0.000001")),
    ("quantity", "2.5000", Decimal("2.5")),
    ("quantity", 100, Decimal("100")),
    ("integer", "12", 12),
    ("integer", Decimal("12.0"), 12),
    ("rate", "0.65", Decimal("0.6500")),
    ("day", "2015-03-09", "2015-03-09"),
    ("day", 20150309, "2015-03-09"),
    ("day", "2015-03-09 08:30:00", "2015-03-09"),
    ("day", "2015-03-08T23:30:00Z", "2015-03-09"),
    ("instant", "2015-03-09 08:30:00", "2015-03-09T00:30:00.000Z"),
    ("instant", "20150309083000", "2015-03-09T00:30:00.000Z"),
    ("citizen-id", CITIZEN.lower(), CITIZEN),
    ("citizen-id", CITIZEN[:6] + CITIZEN[8:17], CITIZEN),
    ("flag", "1", True),
    ("flag", 0, False),
    ("flag", True, True),
]


@pytest.mark.parametrize(("type_", "value", "written"), GOOD)
def test_a_value_of_its_type_is_written_exactly(tmp_path: Path, type_: str, value: object, written: object) -> None:
    mapping = mapping_of(tmp_path, f"- {{from: a, to: x, type: {type_}}}")
    claim = claim_of(mapping, {"a": value})
    assert claim == {"x": written}
    assert str(claim["x"]) == str(written), "decimals keep their places"


BAD: list[tuple[str, object, str]] = [
    ("string", True, "bad-text"),
    ("string", "a\x00b", "bad-text"),
    ("string", "a\ud800", "bad-text"),
    ("string", Decimal("1E+999999"), "bad-text"),
    ("string", 10**5000, "bad-text"),
    ("money", "12.345", "bad-amount"),
    ("money", "12,3", "bad-amount"),
    ("money", "1_0", "bad-amount"),
    ("money", "１２", "bad-amount"),
    ("money", "1e3", "bad-amount"),
    ("money", "NaN", "bad-amount"),
    ("money", Decimal("NaN"), "bad-amount"),
    ("money", Decimal("Infinity"), "bad-amount"),
    ("money", Decimal("1E+999999"), "bad-amount"),
    ("money", Decimal("1E-999999"), "bad-amount"),
    ("money", Decimal("1.000000000000000000000000000000000001"), "bad-amount"),
    ("money", "100000000000000.00", "bad-amount"),
    ("money", 10**5000, "bad-amount"),
    ("money", True, "bad-amount"),
    ("money", 1.5, "bad-amount"),
    ("price", "0.0000001", "bad-price"),
    ("quantity", "0.00001", "bad-quantity"),
    ("integer", "1.5", "bad-integer"),
    ("integer", 2**31, "bad-integer"),
    ("integer", Decimal("1E+999999"), "bad-integer"),
    ("integer", Decimal("sNaN"), "bad-integer"),
    ("integer", False, "bad-integer"),
    ("rate", "1.01", "bad-rate"),
    ("day", "2015-02-29", "bad-day"),
    ("day", "0001-01-01T00:00:00+14:00", "bad-day"),
    ("day", Decimal("20150309.5"), "bad-day"),
    ("instant", "0001-01-01 00:00:00", "bad-instant"),
    ("instant", "2015-03-09 25:00:00", "bad-instant"),
    ("instant", "昨天", "bad-instant"),
    ("citizen-id", "321182", "citizen-id-shape"),
    ("citizen-id", CITIZEN[:17] + ("1" if CITIZEN[17] != "1" else "2"), "citizen-id-checksum"),
    ("citizen-id", "321182195013010010", "citizen-id-birth-date"),
    ("citizen-id", True, "citizen-id-shape"),
    ("flag", "2", "bad-flag"),
    ("flag", "是", "bad-flag"),
]


@pytest.mark.parametrize(("type_", "value", "code"), BAD, ids=[f"{bad[0]}-{at}" for at, bad in enumerate(BAD)])
def test_a_value_that_fails_its_type_is_a_problem_at_its_place(
    tmp_path: Path, type_: str, value: object, code: str
) -> None:
    mapping = mapping_of(tmp_path, f"- {{from: data.a, to: x, type: {type_}}}")
    (problem,) = problems_of(lambda: to_fhir(mapping, {"data": {"a": value}}))
    assert (problem.kind, problem.code, problem.path) == (Kind.INVALID, code, "data.a")
    assert problem.en
    assert problem.zh
    assert len(problem.en) < 200


def test_a_message_repeats_only_a_short_printable_part_of_a_value(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, "- {from: a, to: x, type: money}")
    (problem,) = problems_of(lambda: to_fhir(mapping, {"a": "<b>\x1b\r\n" + "9" * 5000}))
    assert problem.en.startswith("'<b>???99999999999999…' is not an amount")


# Codes


def test_codes_are_mapped_and_unknown_ones_are_problems_that_list_the_known(tmp_path: Path) -> None:
    write_map(tmp_path, "kinds", {"11": "outpatient", "21": "inpatient"})
    mapping = mapping_of(tmp_path, "- {from: data.a, to: x, map: kinds}")
    assert claim_of(mapping, {"data": {"a": 21}}) == {"x": "inpatient"}
    (problem,) = problems_of(lambda: to_fhir(mapping, {"data": {"a": "99"}}))
    assert (problem.code, problem.path) == ("unknown-code", "data.a")
    assert problem.en == "'99' is not a code we know here: send one of 11, 21"


def test_unmapped_codes_are_kept_or_become_one_code_where_the_map_says_so(tmp_path: Path) -> None:
    write_map(tmp_path, "kept", {"1": "a"}, {"mode": "provided"})
    write_map(tmp_path, "fixed", {"1": "a"}, {"mode": "fixed", "code": "other"})
    mapping = mapping_of(tmp_path, "- {from: a, to: x, map: kept}\n- {from: a, to: y, map: fixed}")
    assert claim_of(mapping, {"a": "7"}) == {"x": "7", "y": "other"}


def test_backwards_the_equivalent_code_comes_first_then_the_first_listed(tmp_path: Path) -> None:
    def element(code: str, target: str, equivalence: str) -> dict[str, object]:
        return {"code": code, "target": [{"code": target, "equivalence": equivalence}]}

    elements = [element("12", "o", "wider"), element("11", "o", "equivalent"), element("22", "i", "wider")]
    elements += [element("23", "i", "wider"), element("99", "n", "unmatched")]
    tree = {"resourceType": "ConceptMap", "group": [{"element": elements}]}
    write_concept_map(tmp_path, "kinds", tree)
    mapping = mapping_of(tmp_path, "- {from: a, to: x, map: kinds, reverse: true}\n- {from: b, to: y, map: kinds}")
    assert claim_of(mapping, {"a": "o"}) == {"x": "11"}
    assert claim_of(mapping, {"a": "i"}) == {"x": "22"}
    assert found(mapping, {"a": "n", "b": "99"}) == [("unknown-code", "a"), ("unknown-code", "b")]
