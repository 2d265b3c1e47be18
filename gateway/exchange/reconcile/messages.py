"""The sender's own number of the message that settled: what an institution names when it reverses (冲正, 2601).

Ids of this gateway begin with their time, and a message gets its id when it comes in, before its settlement has one:
so the message is among those of the seconds before the settlement, and no index is needed for a question asked rarely.
"""

from gateway.kernel.ids import AreaCode, area_of, is_made_id, make_id
from gateway.store.store import Store

BEFORE = 10_000
"""Milliseconds between a message's arrival and its settlement that are looked at."""
MOST = 2_000
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_ENTROPY_BITS = 72


def message_of(store: Store, settlement: str) -> str:
    """The sender's number of the message that made a settlement, or '' where it is not found near it."""
    if not is_made_id(settlement):
        return ""
    after = make_id(AreaCode(area_of(settlement)), millis=max(0, _millis(settlement) - BEFORE), entropy=0)
    for record in store.messages(after=after, limit=MOST):
        if record.subject == settlement:
            return record.key or ""
    return ""


def _millis(made_id: str) -> int:
    number = 0
    for letter in made_id[6:]:
        number = number << 5 | _LETTERS.index(letter)
    return number >> _ENTROPY_BITS
