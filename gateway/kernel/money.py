"""Money is a whole number of fen (分) in a plain `int`.

A class of its own would cost the settlement core a third of its speed, so the unit is in the type alias and in
this module: every amount enters through `of`, leaves through `text`, and is divided only by `share` and `portion`.
Rates are whole ten-thousandths (0.65 is 6500), as the N5,4 ratios of the NHSA interface are.
"""

from decimal import Decimal, InvalidOperation
from typing import TypeAlias

Fen: TypeAlias = int
Rate: TypeAlias = int

RATE_ONE: Rate = 10_000
LARGEST: Fen = 9_999_999_999_999_999  # N16,2 of the NHSA interface: fourteen digits of yuan, two of fen


def scaled(value: str | int | Decimal, *, decimals: int, what: str) -> int:
    """A number as a whole count of 10^-decimals, exact. ValueError beyond those decimals, or 16 digits in all."""
    if isinstance(value, str) and (not value.isascii() or "_" in value):  # Decimal reads '1_000' and full-width digits
        raise ValueError(f"not a {what}: {value[:40]!r}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not a {what}: {str(value)[:40]!r}") from None
    if not number.is_finite() or (number and number.adjusted() >= 16 - decimals):
        raise ValueError(f"not a {what} of at most 16 digits: {str(value)[:40]!r}")
    whole = int(number.scaleb(decimals))
    if (
        Decimal(whole).scaleb(-decimals) != number
    ):  # scaleb rounds to 28 digits, so the way back is what proves it exact
        raise ValueError(f"a {what} has at most {decimals} decimals: {str(value)[:40]!r}")
    return whole


def of(yuan: str | int | Decimal) -> Fen:
    """Fen of an amount in yuan, exact. ValueError when it has more than two decimals or more than 16 digits."""
    return scaled(yuan, decimals=2, what="amount")


def text(fen: Fen) -> str:
    """The amount in yuan with two decimals: 1234 is '12.34', -5 is '-0.05'."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def decimal(fen: Fen) -> Decimal:
    """The amount in yuan as a decimal with exactly two places, as FHIR Money.value carries it."""
    return Decimal(fen).scaleb(-2)


def rate(value: str | Decimal) -> Rate:
    """Ten-thousandths of a ratio between 0 and 1. ValueError outside that, or beyond four decimals."""
    ratio = scaled(value, decimals=4, what="ratio")
    if not 0 <= ratio <= RATE_ONE:
        raise ValueError(f"not a ratio between 0 and 1: {str(value)[:40]!r}")
    return ratio


def share(amount: Fen, ratio: Rate) -> Fen:
    """`amount` times `ratio`, rounded half up to the fen."""
    if amount < 0:
        return -share(-amount, ratio)
    return (2 * amount * ratio + RATE_ONE) // (2 * RATE_ONE)


def portion(amount: Fen, part: int, whole: int) -> Fen:
    """`amount` times `part` / `whole`, rounded half up to the fen. None of them negative, `whole` not 0."""
    assert amount >= 0 <= part, "a portion is of what is there"
    return (2 * amount * part + whole) // (2 * whole)


def percent(ratio: Rate) -> str:
    """'65' for 6500, '12.5' for 1250: the figure before a per-cent sign."""
    whole, rest = divmod(ratio, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
