"""The example that partners copy from the guide is true to the byte."""

from pathlib import Path

from tests.golden.guide import GUIDE, answered, examples, rewritten
from tests.golden.world import load_shared


def test_the_claim_in_the_guide_is_answered_with_the_response_beside_it(tmp_path: Path) -> None:
    text = GUIDE.read_text("utf-8")
    claim, response = examples(text)

    assert answered(claim, load_shared(), tmp_path) == response


def test_writing_puts_another_answer_in_its_place_and_nowhere_else() -> None:
    text = "a\n```json\n{1}\n```\nb\n```json\n{2}\n```\nc\n"

    assert rewritten(text, "{3}\n") == "a\n```json\n{1}\n```\nb\n```json\n{3}\n```\nc\n"
