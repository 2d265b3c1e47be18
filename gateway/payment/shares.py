"""Sums that are shared out: a year over its months, a pool over institutions. Shares add up to what is shared."""

from collections.abc import Mapping

from gateway.kernel.money import Fen


def instalment(yearly: Fen, month: int) -> Fen:
    """What a month (1 to 12) has of a yearly amount ≥ 0: a twelfth, cut so that the twelve add up to it."""
    assert yearly >= 0, "what is paid in instalments is not negative"
    return yearly * month // 12 - yearly * (month - 1) // 12


def shared_out(amount: Fen, parts: Mapping[str, int]) -> dict[str, Fen]:
    """`amount` (≥ 0) in proportion to `parts` (> 0): whole fen, adding up to it; nothing for no parts.

    Each gets its share rounded down; what remains goes fen by fen to the largest remainders, ties to the lowest code.
    """
    assert amount >= 0, "a pool is not negative"
    assert all(part > 0 for part in parts.values()), "only parts above nothing take part"
    whole = sum(parts.values())
    cut = {code: divmod(amount * part, whole) for code, part in parts.items()}
    left = amount - sum(share for share, _ in cut.values()) if parts else 0
    favoured = sorted(cut, key=lambda code: (-cut[code][1], code))[:left]
    return {code: share + (code in favoured) for code, (share, _) in cut.items()}
