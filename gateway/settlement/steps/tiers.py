"""Tiers 分段: marginal rates on the year's running cost after deductible, each slice rounded on its own.

The running cost is that of everything the basic fund shares, or of the claims that name the same `layer`.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from gateway.kernel import money
from gateway.kernel.money import Fen, Rate
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Rule, Wording
from gateway.settlement.shapes import Band
from gateway.settlement.working import BASIC, Step, Working

ARGUMENTS = {"bands": shapes.by_level(shapes.BANDS), "max_rate": shapes.RATE, "layer": shapes.TEXT}
OPTIONAL = frozenset({"max_rate", "layer"})

SLICE = Figure("tier", Wording("分段报销", "tier"), "({0:m} − {1:m}) × {2:r} % = {3:m}")
FIGURES = (SLICE,)

Ruled: TypeAlias = list[tuple[Fen, Rate, Rule]]
"""Bands, each with the rule that its rate comes from."""


def build(arguments: Arguments) -> Step:
    """`bands`: rising, the last one's end is a limit of what is paid; `max_rate`: no band pays more.

    `layer`: the counter of the running cost, which this step then moves.
    """
    bands, rule = arguments["bands"].value, arguments["bands"].rule
    highest, named = arguments.get("max_rate"), arguments.get("layer")
    layer = named.value if named is not None else BASIC

    def ruled(listed: Iterable[Band]) -> Ruled:
        return [
            (band.up_to, highest.value, highest.rule) if highest and highest.value < band.rate else (*band, rule)
            for band in listed
        ]

    everywhere = None if isinstance(bands, Mapping) else ruled(bands)
    by_level = {level: ruled(listed) for level, listed in bands.items()} if everywhere is None else {}

    def step(working: Working) -> None:
        start = working.spent(layer).counted
        end = start + working.counted
        if layer != BASIC:
            working.move(layer, Counters(counted=working.counted))
        paid = 0
        floor = 0
        for up_to, rate, rate_rule in everywhere or by_level[working.case.claim.level]:
            low, high = max(start, floor), min(end, up_to)
            if high > low:
                share = money.share(high - low, rate)
                working.note(SLICE, rate_rule, paid, paid + share, high, low, rate, share)
                paid += share
            floor = up_to
        working.pay(BASIC, paid)

    return step
