"""Every example is as its folder says: valid without error, invalid with exactly the codes its file lists."""

import pytest

from gateway.fhir.systems import ext
from gateway.guide.model import Example
from tests.unit.guide.guides import PROFILES, errors, guide, read, told

EXAMPLES = guide().examples
CLAIMS = [each["id"] for each in guide().profiles() if each["type"] == "Claim"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.profile}/{each.name}")
def test_an_example_is_what_it_says(example: Example) -> None:
    resource = read(example.text)

    assert resource["meta"]["profile"] == [ext(example.profile)]
    assert told(errors(resource)) == list(example.expected)
    assert example.valid == (not example.expected)


@pytest.mark.parametrize("profile", [each["id"] for each in guide().profiles()])
def test_every_profile_has_enough_of_them(profile: str) -> None:
    valid, invalid = (2, 3) if profile in CLAIMS else (1, 2)
    found = guide().examples_of(profile)

    assert sum(each.valid for each in found) >= valid
    assert sum(not each.valid for each in found) >= invalid


def test_every_folder_of_examples_is_of_a_profile() -> None:
    folders = {path.name for path in (PROFILES / "examples").iterdir()}

    assert folders == {each["id"] for each in guide().profiles()}


def test_every_rule_of_a_profile_is_broken_by_an_example() -> None:
    """A rule nobody can break says nothing."""
    keys = {
        rule["key"]
        for structure in guide().profiles()
        for element in structure["differential"]["element"]
        for rule in element.get("constraint", ())
    }
    broken = {line.split()[-1] for example in EXAMPLES for line in example.expected}

    assert keys - broken == set()
