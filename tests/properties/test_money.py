"""Arithmetic of money that must hold for every amount: nothing is lost, made up, or rounded twice."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel import money, quantity

AMOUNTS = st.integers(-money.LARGEST, money.LARGEST)
CHARGES = st.integers(0, money.LARGEST)
RATES = st.integers(0, money.RATE_ONE)
PRICES = st.integers(0, 10**16 - 1)
QUANTITIES = st.integers(-(10**16) + 1, 10**16 - 1)


@given(AMOUNTS)
def test_an_amount_written_is_read_back(fen: int) -> None:
    assert money.of(money.text(fen)) == fen
    assert money.of(money.decimal(fen)) == fen


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_an_amount_is_read_exactly_or_not_at_all(yuan: Decimal) -> None:
    cents = yuan * 100
    try:
        fen = money.of(yuan)
    except ValueError:
        assert cents != cents.to_integral_value()
    else:
        assert fen == cents


@given(CHARGES, RATES)
def test_a_share_and_the_rest_sum_to_the_amount_and_neither_is_negative(amount: int, ratio: int) -> None:
    part = money.share(amount, ratio)

    assert 0 <= part <= amount
    assert part + (amount - part) == amount


@given(CHARGES, RATES)
def test_a_share_is_what_exact_arithmetic_rounds_half_up(amount: int, ratio: int) -> None:
    with localcontext(prec=60):
        exact = Decimal(amount) * Decimal(ratio) / money.RATE_ONE
        assert money.share(amount, ratio) == exact.quantize(Decimal(1), ROUND_HALF_UP)


@given(AMOUNTS, RATES)
def test_a_refund_gives_back_exactly_what_the_charge_took(amount: int, ratio: int) -> None:
    assert money.share(-amount, ratio) == -money.share(amount, ratio)


@given(CHARGES, CHARGES, RATES)
def test_a_larger_amount_never_has_a_smaller_share(one: int, other: int, ratio: int) -> None:
    assert money.share(min(one, other), ratio) <= money.share(max(one, other), ratio)


@given(RATES)
def test_a_rate_written_is_read_back(ratio: int) -> None:
    assert money.rate(Decimal(ratio).scaleb(-4)) == ratio
    assert Decimal(money.percent(ratio)) == Decimal(ratio).scaleb(-2)


@given(PRICES, QUANTITIES)
def test_cost_is_what_exact_arithmetic_rounds_half_up_and_turns_with_the_sign(unit_price: int, amount: int) -> None:
    with localcontext(prec=60):
        exact = Decimal(unit_price) * abs(amount) / 10**8
        assert quantity.cost(unit_price, abs(amount)) == exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert quantity.cost(unit_price, -amount) == -quantity.cost(unit_price, amount)


@given(PRICES, QUANTITIES)
def test_prices_and_quantities_written_are_read_back(unit_price: int, amount: int) -> None:
    assert quantity.price(quantity.price_decimal(unit_price)) == unit_price
    assert quantity.quantity(quantity.quantity_decimal(amount)) == amount
    assert "E" not in str(quantity.price_decimal(unit_price)) + str(quantity.quantity_decimal(amount))
