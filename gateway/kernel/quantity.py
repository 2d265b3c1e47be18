"""Unit prices (N16,6) and quantities (N16,4) as exact whole numbers: micro-yuan and ten-thousandths."""

from decimal import Decimal
from typing import TypeAlias

from gateway.kernel.money import Fen, scaled

MicroYuan: TypeAlias = int
TenThousandths: TypeAlias = int

ONE: TenThousandths = 10_000
_COST_DIVISOR = 10**8  # micro-yuan × ten-thousandths → fen


def price(yuan: str | int | Decimal) -> MicroYuan:
    """Micro-yuan of a unit price. ValueError beyond six decimals or 16 digits."""
    return scaled(yuan, decimals=6, what="unit price")


def quantity(value: str | int | Decimal) -> TenThousandths:
    """Ten-thousandths of a quantity. ValueError beyond four decimals or 16 digits."""
    return scaled(value, decimals=4, what="quantity")


def cost(unit_price: MicroYuan, amount: TenThousandths) -> Fen:
    """Price times quantity in fen, rounded half up; the sign is that of the quantity (refund lines)."""
    if amount < 0:
        return -cost(unit_price, -amount)
    return (2 * unit_price * amount + _COST_DIVISOR) // (2 * _COST_DIVISOR)


def price_of_fen(fen: Fen) -> MicroYuan:
    """A whole-fen amount as a unit price."""
    return fen * 10_000


def price_decimal(unit_price: MicroYuan) -> Decimal:
    """The unit price in yuan with at least two places: 1.5 is 1.50, 0.123456 stays."""
    return Decimal(unit_price).scaleb(-6).normalize() + Decimal("0.00")


def quantity_decimal(amount: TenThousandths) -> Decimal:
    """The quantity without trailing zeros and without exponent: 10, 0.5."""
    number = Decimal(amount).scaleb(-4)
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
