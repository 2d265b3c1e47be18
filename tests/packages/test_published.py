"""`gateway validate --self-check` of published packages, and their examples made wrong by chance.

Needs the packages: FHIR_PACKAGE_DIR names their folder. The errors that are expected are committed with the reason why
the specification sees an error there.
"""

import os
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import pytest
import typer
import yaml
from typer.testing import CliRunner

from gateway.cli.validate import validate
from gateway.definitions.files import package_files
from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.validation.read_json import read_json
from gateway.validation.self_check import is_example
from gateway.validation.validate import Validator
from tests.unit.validation.mutations import mutants, required

pytestmark = pytest.mark.packages

EXPECTED = Path(__file__).parent / "expected"
app = typer.Typer()
app.command()(validate)

PACKAGES = sorted(file.stem for file in EXPECTED.glob("*.yaml"))


def archive(package: str) -> Path:
    return Path(os.environ["FHIR_PACKAGE_DIR"]) / f"{package}.tgz"


@cache
def library() -> Library:
    """All the packages together."""
    return load_library(PACKAGES, Sources((Path(os.environ["FHIR_PACKAGE_DIR"]),))).library


@cache
def examples() -> list[dict[str, Any]]:
    """Every example of the packages."""
    files = [file for package in PACKAGES for file in package_files(archive(package)) if file.name.endswith(".json")]
    read = [(read_json(file.content).value, file.folder) for file in files if file.folder != "package"]
    return [value for value, folder in read if is_example(value, folder)]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_profile_compiles_and_the_examples_are_as_their_publisher_intends(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["--package", str(archive(package)), "--self-check", "--format", "json"])
    (told,) = msgspec.json.decode(result.stdout)
    expected = yaml.safe_load((EXPECTED / f"{package}.yaml").read_text("utf-8"))
    found = [
        (each["file"], issue["code"], issue["location"])
        for each in told["checked"]
        for issue in each["issues"]
        if issue["severity"] == "error"
    ]
    print(
        f"{package}: profiles compiled {told['profiles']['compiled']}/{told['profiles']['total']}, examples without"
        f" error {told['examples']['without-error']}/{told['examples']['total']}"
    )

    assert told["profiles"]["broken"] == {}
    assert told["profiles"]["compiled"] == told["profiles"]["total"] == expected["profiles"]
    assert told["examples"]["total"] == expected["examples"]
    assert sorted(found) == sorted((each["file"], each["code"], each["location"]) for each in expected["errors"])
    assert all(len(each["reason"]) > 40 for each in expected["errors"])


@pytest.mark.parametrize("package", PACKAGES)
def test_a_value_set_that_is_not_there_is_one_warning_for_its_name(package: str) -> None:
    result = CliRunner().invoke(app, ["--package", str(archive(package)), "--self-check", "--format", "json"])
    (told,) = msgspec.json.decode(result.stdout)
    for each in told["checked"]:
        named = [
            issue["text_en"].partition(" cannot")[0]
            for issue in each["issues"]
            if issue["code"] == "value-set-not-known"
        ]

        assert len(named) == len(set(named))


def test_twenty_thousand_mutants_are_each_answered_within_two_seconds() -> None:
    validator = Validator(library())
    slowest = 0
    for mutant in mutants(examples(), number=20_000, seed=20240816):
        started = perf_counter()
        validator.validate(mutant)
        slowest = max(slowest, int((perf_counter() - started) * 1000))

    assert slowest < 2000


def test_a_required_element_that_is_taken_from_an_example_is_always_missed() -> None:
    validator = Validator(library())
    for resource in examples():
        before = len([each for each in validator.validate(resource) if each.severity == "error"])
        for owner, name in required(resource, validator.library.types):
            kept = dict(owner)
            del owner[name]
            found = [each for each in validator.validate(resource) if each.severity == "error"]
            owner.clear()
            owner.update(kept)

            assert len(found) > before or "missing-element" in {each.code for each in found}, (resource["id"], name)
