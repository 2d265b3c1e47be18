"""Sources of a fund 筹资来源: what a fund pays on the claim, by those who raise its money, in proportion.

It changes nothing for the person: it keeps a counter for each party, so that each can be told what its money paid.
Parts are rounded on the running sum: none is negative, and together they are what the fund paid.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters, Layer
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working


def _parties(raw: Any, levels: Collection[str]) -> tuple[tuple[str, Fen], ...]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("not an amount by party")
    parties = tuple((party, shapes.MONEY.parse(amount, levels)) for party, amount in sorted(raw.items()))
    if not any(amount for _, amount in parties):
        raise ValueError("nobody raises anything")
    return parties


PARTIES = Shape('what each party raises, such as {person: "30.00", town: "15.00"}', _parties)

ARGUMENTS = {"fund": shapes.TEXT, "parties": PARTIES}
OPTIONAL: frozenset[str] = frozenset()

SOURCE = Figure(
    "source", Wording("该筹资方承担的部分", "the part of this party's money"), "{0:m} × {1:m} ÷ {2:m} − {3:m} = {4:m}"
)
FIGURES = (SOURCE,)


def source_layer(party: str) -> Layer:
    """The counter of what one party's money has paid."""
    return f"source:{party}"


def build(arguments: Arguments) -> Step:
    """`fund`: whose payment; `parties`: what each raises, in any unit. Stands after the fund has paid."""
    fund = arguments["fund"].value
    parties, rule = arguments["parties"].value, arguments["parties"].rule
    whole = sum(raised for _, raised in parties)
    named = [(party, raised, replace(rule, path=f"{rule.path}.{party}")) for party, raised in parties]

    def step(working: Working) -> None:
        paid = working.funds.get(fund, 0)
        if not paid:
            return
        reached = given = 0
        for party, raised, own_rule in named:
            reached += raised
            part = money.portion(paid, reached, whole) - given
            working.move(source_layer(party), Counters(fund=part))
            working.note(SOURCE, own_rule, given, given + part, paid, reached, whole, given, part)
            given += part

    return step
