"""Refusal 拒付: the claim is not settled, for a reason that the policy states; `when` beside the step says for whom."""

from collections.abc import Collection, Mapping
from typing import Any

from gateway.kernel.problem import Kind, Problem
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working


def _wording(raw: Any, _levels: Collection[str]) -> Wording:
    if not isinstance(raw, Mapping) or set(raw) != {"zh", "en"}:
        raise ValueError("not {zh: …, en: …}")
    if not all(isinstance(text, str) and text.strip() for text in raw.values()):
        raise ValueError("a language has no text")
    return Wording(raw["zh"].strip(), raw["en"].strip())


def _tell(says: Wording) -> tuple[str, str]:
    return says.zh, says.en


WORDING = Shape("words in both languages, such as {zh: …, en: …}, that say what to send instead", _wording, tell=_tell)

ARGUMENTS = {"code": shapes.TEXT, "says": WORDING}
OPTIONAL: frozenset[str] = frozenset()
FIGURES: tuple[Figure, ...] = ()


def build(arguments: Arguments) -> Step:
    """`code`: the refusal's, words with hyphens; `says`: what is wrong and what to send instead."""
    code, says = arguments["code"].value, arguments["says"].value
    problem = Problem(Kind.RULE, code, "Claim", says.en, says.zh)

    def step(working: Working) -> None:
        working.refusals.append(problem)

    return step
