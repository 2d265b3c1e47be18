"""What the terminology service publishes and answers is valid FHIR R4; which tables apply is the operator's to say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.definitions.library import base_library
from gateway.fhir.systems import BASE, cs
from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Refusal
from gateway.policies.load import load_all
from gateway.system import Settings, terminology_of
from gateway.terminology.capabilities import write_terminology_capabilities
from gateway.terminology.opening import published_resources, read_choices
from gateway.terminology.read_maps import read_maps
from gateway.terminology.terminology import Terminology
from gateway.validation.validate import Validator
from tests.unit.terminology.small import MAPS, ask, refused

VALIDATOR = Validator(base_library())


@pytest.fixture(scope="module")
def known() -> Terminology:
    settings = Settings()
    return terminology_of(settings, load_all(settings.policies), AreaCode("321182"), None, today=date(2015, 3, 20))


def errors(resource: dict[str, Any]) -> list[str]:
    return [f"{resource.get('id')} {each.code} {each.location} {each.text_en}" for each in VALIDATOR.validate(resource)
            if each.severity == "error"]  # fmt: skip


def test_every_published_resource_is_valid_and_has_its_own_id(known: Terminology) -> None:
    published = published_resources(known, MAPS)
    names = [(resource["resourceType"], resource["id"]) for resource in published]

    assert len(set(names)) == len(names) > 200
    assert [wrong for resource in published for wrong in errors(resource)] == []


def test_the_statement_is_valid(known: Terminology) -> None:
    assert errors(write_terminology_capabilities(known, version="1", published_on="2015-03-20", base=BASE)) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("CodeSystem/$lookup", {"system": cs("nhsa-fund-pay-type"), "code": "310201"}),
        ("CodeSystem/$lookup", {"system": cs("diagnosis"), "code": "I10.x00"}),
        ("CodeSystem/$subsumes", {"system": cs("diagnosis"), "codeA": "I10", "codeB": "I10.x00"}),
        ("ValueSet/$validate-code", {"url": f"{BASE}/ValueSet/gb-3304", "system": cs("gb-3304"), "code": "57"}),
        ("ValueSet/diagnosis/$expand", {}),
        ("ValueSet/nhsa-med-type/$expand", {"count": "3", "includeDesignations": "true"}),
        ("ValueSet/gb-4761/$expand", {"filter": "zf", "displayLanguage": "en", "includeDefinition": "true"}),
        ("ConceptMap/$translate", {"system": cs("gb-4761"), "code": "51"}),
    ],
)
def test_answers_are_valid(known: Terminology, path: str, said: dict[str, str]) -> None:
    assert errors(ask(known, path, **said)) == []


def test_a_choice_of_versions_that_cannot_be_kept_is_refused() -> None:
    assert read_choices("a=1, b=2", {("a", "1"), ("b", "2")}) == {"a": "1", "b": "2"}
    for text in ("a=2", "c", "=1"):
        with pytest.raises(Refusal) as refusal:
            read_choices(text, {("a", "1")})
        assert refused(refusal.value) == ["code-versions"]


def test_a_map_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"resourceType": "ConceptMap", "id": "b", "url": "urn:x"}')
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.json").write_text('{"resourceType": "ConceptMap", "id": "c", "url": "urn:x", "group": 1}')

    with pytest.raises(Refusal) as refusal:
        read_maps(tmp_path)
    assert refused(refusal.value) == ["concept-map-file"] * 3
