"""Area and institution codes have one shape, and a wrong one is answered in both languages."""

import pytest

from gateway.kernel.codes import check_area_code, check_institution_code
from gateway.kernel.problem import Kind


def test_codes_of_the_right_shape_pass() -> None:
    assert check_area_code("321182", "data.mdtrtarea_admvs") == []
    assert check_institution_code("H32118200001", "data.fixmedins_code") == []
    assert check_institution_code("P32118200001", "data.fixmedins_code") == []


@pytest.mark.parametrize("text", ["", "32118", "3211820", "021182", "32118a", "３21182", "321182\n", " 321182"])
def test_any_other_area_code_is_refused_at_its_place(text: str) -> None:
    (problem,) = check_area_code(text, "insuplc_admdvs")

    assert (problem.kind, problem.code, problem.path) == (Kind.INVALID, "area-code", "insuplc_admdvs")
    assert "321182" in problem.en
    assert "321182" in problem.zh


@pytest.mark.parametrize(
    "text", ["", "H3211820000", "H321182000011", "h32118200001", "D32118200001", "H02118200001", "Ｈ32118200001"]
)
def test_any_other_institution_code_is_refused_at_its_place(text: str) -> None:
    (problem,) = check_institution_code(text, "fixmedins_code")

    assert (problem.kind, problem.code, problem.path) == (Kind.INVALID, "institution-code", "fixmedins_code")


def test_a_refusal_quotes_no_more_than_twenty_characters() -> None:
    (problem,) = check_institution_code("H" * 100_000, "fixmedins_code")

    assert len(problem.text()) < 300
