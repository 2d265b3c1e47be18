"""Messages that we send: a mapping without operation and build, and its way to bytes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.contract import Context, Incoming
from gateway.exchange.mappings import MappingErrors, load_mappings
from gateway.exchange.render import render
from gateway.kernel.problem import Refusal
from tests.unit.exchange.town import CITY, Town, feeds

CONTEXT = Context(datetime(2015, 7, 3, 2, tzinfo=UTC), "321182" + "r" * 24, "321182")
OUT = "feed: f\nmessage: out\ntitle: {zh: 出, en: out}\nanswer:\n  - {from: Thing.id, to: id}\n"


def written(folder: Path, text: str) -> Path:
    (folder / "f").mkdir()
    (folder / "f" / "out.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_with_an_answer_alone_is_a_message_of_ours(tmp_path: Path) -> None:
    mapping = load_mappings(written(tmp_path, OUT))["f", "out"]
    assert (mapping.operation, mapping.build) == ("", ())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (OUT.replace("answer:", "operation: settle\nanswer:"), "'build' is missing"),
        (OUT.replace("answer:", "build: []\nanswer:"), "'operation' is missing"),
        (OUT.partition("answer:")[0], "'operation' is missing"),
    ],
)
def test_half_a_message_that_comes_in_is_not_one_of_ours(tmp_path: Path, text: str, missing: str) -> None:
    with pytest.raises(MappingErrors, match=missing):
        load_mappings(written(tmp_path, text))


def test_a_message_that_is_not_there_or_comes_in_is_never_rendered() -> None:
    for feed, type in (("moon", "pain.001"), ("bank", "pain.009"), ("bank", "camt.054")):
        with pytest.raises(AssertionError):
            render(feeds(), feed, type, {}, CONTEXT)


def test_a_tree_that_does_not_fit_is_our_fault() -> None:
    with pytest.raises(Refusal, match="answer-row"):
        render(feeds(), "bank", "pain.001", {"PaymentFile": {"day": "never"}}, CONTEXT)


def test_a_remittance_that_comes_in_is_refused(town: Town) -> None:
    header = "MSH|^~\\&|HIS|H32118200001|GATEWAY|A|20150309||EHC^E15^EHC_E15|1|P|2.7\rPMT|1\r"
    reply = town.exchange.accept("hl7v2", Incoming(header.encode()), proven=CITY).result()
    assert [problem.code for problem in reply.problems] == ["unsupported-message"]
