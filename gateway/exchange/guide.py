"""The guide that an exchange works by: base R4, our package, and the packages that the operator adds."""

from functools import cache
from pathlib import Path
from typing import Final

import gateway
from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.problems import package_not_found
from gateway.definitions.sources import Sources
from gateway.fhir.guide import OF_KIND, OF_USE, PROFILES, Guide
from gateway.fhir.guide_rules import SURE
from gateway.fhir.systems import ext
from gateway.kernel.problem import Refusal
from gateway.validation.validate import Validator

PACKAGE: Final = Path(gateway.__file__).resolve().parent.parent / "profiles" / "package"
FULL, ACCEPTED, STRUCTURE = "full", "accepted", "structure"


def load_guide(folder: Path | None = None, level: str = FULL) -> Guide:
    """The guide with the packages of `folder` (.tgz files or unpacked packages), read and compiled once in a process.

    `level`: full, what comes in and what is written; accepted, what comes in; structure, R4 alone of what comes in.
    Refusal: a package of the folder cannot be used, as `definitions.loader` says.
    """
    return Guide(_validator(folder), accepted=level in (FULL, ACCEPTED), written=level == FULL)


def guide_library(folder: Path | None = None) -> Library:
    """The definitions alone."""
    wanted = [PACKAGE]
    if folder is not None and not folder.is_dir():
        raise Refusal(package_not_found(folder.name))
    if folder is not None:
        wanted += sorted(path for path in folder.iterdir() if path.suffix == ".tgz" or path.is_dir())
    return load_library(wanted, Sources((folder,) if folder else ())).library


@cache
def _validator(folder: Path | None) -> Validator:
    """One validator for all exchanges of a process, with the profiles of the claims path compiled already."""
    validator = Validator(guide_library(folder), sure=SURE)
    profiles = {*PROFILES.values(), *OF_KIND.values(), *OF_USE.values()}
    for name in (*PROFILES, *(ext(each) for each in sorted(profiles))):
        validator.compiler.check_of(name)
    return validator
