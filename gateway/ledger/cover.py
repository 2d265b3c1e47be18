"""Months of fund cover 可支付月数: how long the balance would last at the spending of late.

Source: 人社部发〔2009〕67号, 关于进一步加强基本医疗保险基金管理的指导意见: the accumulated balance of the pooled
fund should be that of six to nine months of average payments; above fifteen is a surplus too large, below three
too small. Reading: balance = fund balances, reserves among them, and the result not carried over yet; average
payments = the expenditure of the months given (twelve, or those of the year so far) by their number.
"""

from enum import StrEnum
from typing import TypeAlias

from gateway.kernel.money import Fen

Hundredths: TypeAlias = int
"""Hundredths of a month: 6.25 months are 625."""

TOO_LITTLE, WANTED_FROM, WANTED_TO, TOO_MUCH = 300, 600, 900, 1500


class Cover(StrEnum):
    """How a number of months stands to the guideline; an alert on surplus as well as deficit."""

    DEFICIT = "deficit"  # the fund has a negative balance
    TOO_LITTLE = "too-little"  # 结余不足
    BELOW = "below"
    WANTED = "wanted"  # 6 to 9 months
    ABOVE = "above"
    TOO_MUCH = "too-much"  # 结余过多


def months_of_cover(balance: Fen, *, spent: Fen, months: int) -> Hundredths | None:
    """Hundredths of months, rounded half up; None where nothing was spent. A negative balance covers 0."""
    assert months > 0, "an average is over at least one month"
    if spent <= 0:
        return None
    return (2 * 100 * max(balance, 0) * months + spent) // (2 * spent)


def judged(cover: Hundredths, balance: Fen) -> Cover:
    """What the guideline says of it."""
    if balance < 0:
        return Cover.DEFICIT
    if cover < TOO_LITTLE:
        return Cover.TOO_LITTLE
    if cover < WANTED_FROM:
        return Cover.BELOW
    if cover <= WANTED_TO:
        return Cover.WANTED
    return Cover.ABOVE if cover <= TOO_MUCH else Cover.TOO_MUCH
