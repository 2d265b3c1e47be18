"""Unit prices keep six decimals, quantities four, and their product is rounded once."""

from decimal import Decimal

import pytest

from gateway.kernel import quantity


def test_a_unit_price_is_whole_micro_yuan() -> None:
    assert quantity.price("1.5") == 1_500_000
    assert quantity.price("0.000001") == 1
    assert quantity.price(Decimal("9999999999.999999")) == 9_999_999_999_999_999


def test_a_quantity_is_whole_ten_thousandths() -> None:
    assert quantity.quantity("1") == quantity.ONE
    assert quantity.quantity("0.0001") == 1
    assert quantity.quantity("-2") == -20_000


@pytest.mark.parametrize("text", ["0.0000001", "0." + "9" * 40, "10000000000", "1E-1000030", "", "x", "１", "NaN"])
def test_a_price_beyond_six_decimals_or_sixteen_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unit price"):
        quantity.price(text)


@pytest.mark.parametrize(
    "text", ["0.00001", "0." + "9" * 40, "1000000000000", "1E-1000030", "", "x", "1_0", "-Infinity"]
)
def test_a_quantity_beyond_four_decimals_or_sixteen_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quantity"):
        quantity.quantity(text)


@pytest.mark.parametrize(
    ("price", "count", "fen"),
    [
        ("1.50", "3", 450),
        ("0.005", "1", 1),  # half a fen goes up
        ("0.0049", "1", 0),
        ("0.333333", "3", 100),  # 0.999999 yuan
        ("12.345678", "2.5", 3086),  # 12.345678 * 2.5 = 30.864195
        ("0.005", "-1", -1),  # a refund line mirrors the line it undoes
    ],
)
def test_price_times_quantity_is_rounded_half_up_to_the_fen(price: str, count: str, fen: int) -> None:
    assert quantity.cost(quantity.price(price), quantity.quantity(count)) == fen


def test_prices_and_quantities_are_written_without_exponent_or_noise() -> None:
    assert [str(quantity.price_decimal(micro)) for micro in (1_500_000, 100_000_000, 123_456, 1)] == [
        "1.50",
        "100.00",
        "0.123456",
        "0.000001",
    ]
    assert [str(quantity.quantity_decimal(amount)) for amount in (100_000, 5_000, 1, -20_000)] == [
        "10",
        "0.5",
        "0.0001",
        "-2",
    ]
