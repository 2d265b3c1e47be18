"""The sample conversations: every request is what the adapter and its mapping read, or refuse as `given.yaml` says."""

import re
from pathlib import Path

import pytest
import yaml

from adapters.nhsa.adapter import ADAPTER
from gateway.contract import Incoming
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir
from gateway.kernel.problem import Refusal

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "adapters/nhsa/samples"
MAPPINGS = load_mappings(ROOT / "mappings")
REFERENCE = re.compile(rb'"\$\{(\d\d)\.output\.([A-Za-z0-9_.\[\]]+)\}"')
REQUESTS = sorted(path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.in"))
CORE = {
    "no-such-file",
    "unknown-sender",
    "unbalanced-total",
    "stated-split-differs",
    "already-settled",
    "settlement-not-found",
}
"""Refusals that need what the gateway knows: the request itself is well formed."""


def filled(name: str) -> Incoming:
    """A request with stand-ins for the values that earlier answers give."""
    amount = (b"amt", b"selfpay")
    body = (SAMPLES / name).read_bytes()
    return Incoming(
        REFERENCE.sub(lambda found: b"1.00" if found[2].endswith(amount) else b'"' + b"x" * 30 + b'"', body)
    )


def expected(name: str) -> set[str]:
    given = yaml.safe_load((SAMPLES / name).with_name("given.yaml").read_text("utf-8"))
    said = given["expect"][Path(name).name]
    return set() if said == "accepted" else set(said)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_read_or_refused_as_given(name: str) -> None:
    found: set[str] = set()
    try:
        ADAPTER.read_key(filled(name))
        message = ADAPTER.decode(filled(name))
        to_fhir(MAPPINGS["nhsa", message.type], message.tree)
    except Refusal as refusal:
        found = {problem.code for problem in refusal.problems}
    assert found == expected(name) - CORE


@pytest.mark.parametrize("folder", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_scenario_says_what_each_request_comes_to(folder: str) -> None:
    given = yaml.safe_load((SAMPLES / folder / "given.yaml").read_text("utf-8"))
    assert set(given["expect"]) == {path.name for path in (SAMPLES / folder).glob("*.in")}
    assert {"about", "policy", "day", "institution", "persons"} <= set(given)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_reference_names_an_earlier_answer(name: str) -> None:
    own = Path(name).name[:2]
    for found in REFERENCE.finditer((SAMPLES / name).read_bytes()):
        assert found[1].decode() < own
        assert list((SAMPLES / name).parent.glob(f"{found[1].decode()}-*.in"))
