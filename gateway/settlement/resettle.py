"""Re-settlement 重新结算: settlements of one person, undone and decided again in their order, in memory.

What stands in the books stays there: what is booked afterwards is the difference to it (`entries.difference_entry`,
`entries.difference_movements`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gateway.kernel.money import Fen
from gateway.settlement.adjudicate import Outcome, after, settle
from gateway.settlement.claim import Case, Claim, Counters, Layer, Movement, Spent
from gateway.settlement.entries import counter_movements
from gateway.settlement.policy import Policy
from gateway.settlement.working import ACCOUNT, FAMILY_ACCOUNT


@dataclass(frozen=True, slots=True)
class Standing:
    """A settlement in force. `claim`: with the facts as they are now; `movements`: all that was booked for it."""

    claim: Claim
    movements: tuple[Movement, ...]


def rewound(spent: Spent, standing: Iterable[Standing]) -> dict[tuple[Layer, str], Counters]:
    """The counters as they stood before settlements that have moved them."""
    undone = [movement for each in standing for movement in counter_movements(each.movements)]
    return {**spent, **after(spent, undone)}


def redecide(standing: Sequence[Standing], spent: Spent, policy_of: Callable[[Claim], Policy]) -> tuple[Outcome, ...]:
    """What each settlement of one person and scheme comes to now, in the order given.

    `spent`: the counters as they stand, all of these settlements included. The accounts hold again what these
    settlements have drawn from them.
    """
    assert len({(each.claim.person.id, each.claim.scheme) for each in standing}) <= 1, "one person, one scheme"
    before = rewound(spent, standing)
    given_back = (-_drawn(standing, ACCOUNT), -_drawn(standing, FAMILY_ACCOUNT))
    return tuple(settle((Case(each.claim, before, *given_back) for each in standing), policy_of))


def _drawn(standing: Iterable[Standing], layer: Layer) -> Fen:
    return sum(m.delta.counted for each in standing for m in each.movements if m.layer == layer)
