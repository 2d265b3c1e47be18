"""The corpus that is compared with HL7's own engine, here against what each case must come to."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.definitions.library import base_library
from gateway.definitions.model import Package
from gateway.definitions.read_structure import read_structure
from gateway.definitions.read_terminology import read_code_system, read_value_set
from gateway.definitions.table import Definition, make_table
from gateway.validation.issue import ERROR
from gateway.validation.read_json import read_json
from gateway.validation.validate import Validator
from tests.oracle.corpus import VALID, Written, cases, definitions

READERS: dict[str, Callable[[dict[str, Any]], Definition]] = {
    "StructureDefinition": read_structure,
    "ValueSet": read_value_set,
    "CodeSystem": read_code_system,
}


@pytest.fixture(scope="module")
def validator() -> Validator:
    made = [READERS[each["resourceType"]](each) for each in definitions()]
    return Validator(base_library().with_package(make_table(Package("corpus", "1.0.0"), made)))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_comes_to_what_it_says(case: Written, validator: Validator) -> None:
    text = read_json(case.text.encode())
    found = [each.code for each in text.wrong if each.severity == ERROR]
    if text.value is not None:
        found += [each.code for each in validator.validate(text.value, case.profiles) if each.severity == ERROR]

    assert found == [] if case.expect == VALID else case.expect in found


def test_the_corpus_tries_most_rules_of_the_validator() -> None:
    assert len(cases()) >= 150
    assert len({case.name for case in cases()}) == len(cases())
    assert len({case.expect for case in cases()}) >= 30
