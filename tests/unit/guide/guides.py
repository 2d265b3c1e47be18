"""The guide as it is committed, and a validator with its package: read once for all tests of this folder."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.fhir.systems import ext
from gateway.guide.load import load_guide
from gateway.guide.model import Guide
from gateway.validation.issue import ERROR, Issue
from gateway.validation.validate import Validator

ROOT = Path(__file__).parents[3]
PROFILES = ROOT / "profiles"
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@cache
def guide() -> Guide:
    return load_guide(PROFILES)


@cache
def validator() -> Validator:
    return Validator(load_library([PROFILES / "package"], Sources()).library)


def read(content: bytes) -> Any:
    return _DECODER.decode(content)


def errors(resource: Any, profile: str = "") -> list[Issue]:
    """What is an error of a resource by a profile of the guide ('cn-claim'), or by what it claims itself."""
    asked = [ext(profile)] if profile else []
    return [issue for issue in validator().validate(resource, asked) if issue.severity == ERROR]


def told(issues: list[Issue]) -> list[str]:
    """Code, place and, of a rule, its key: as the files of expected codes have them."""
    return [" ".join((issue.code, issue.location, *_rule(issue))) for issue in issues]


def _rule(issue: Issue) -> list[str]:
    return [issue.text_en.partition(":")[0]] if issue.code == "invariant-broken" else []
