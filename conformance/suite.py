"""All checks of the suite, group by group in the order they are made."""

from functools import lru_cache
from pathlib import Path

from conformance.checks import Check
from conformance.engine import check_of
from conformance.script import Script, read_scripts
from conformance.search import SEARCH
from conformance.testscript import read_testscript
from conformance.v2 import V2_GROUP

TESTS = Path(__file__).parent / "tests"
GROUPS = (
    *("capability", "settlement", "v2", "nhsa", "rest", "search", "transaction", "terminology"),
    *("bulk", "smart", "subscription", "profiles"),
)
"""In this order: what is settled first is then read and searched, and everything that was answered is validated."""

FUNCTIONS = {group.name: group.checks for group in (V2_GROUP, SEARCH)}


@lru_cache
def scripts_of(group: str) -> tuple[Script, ...]:
    """The tests that are data: YAML first, then FHIR TestScripts, each by file name."""
    folder = TESTS / group
    ours = [each for path in sorted(folder.glob("*.yaml")) for each in read_scripts(path)]
    return (*ours, *(each for path in sorted(folder.glob("*.json")) for each in read_testscript(path)))


def checks_of(group: str) -> list[Check]:
    """Every check of a group but profiles, whose checks depend on what was answered."""
    return [check_of(each) for each in scripts_of(group)] + FUNCTIONS.get(group, [])
