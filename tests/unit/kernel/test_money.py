"""Money enters exactly, leaves exactly, and is rounded in one place only."""

from decimal import Decimal

import pytest

from gateway.kernel import money


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("12.34", 1234),
        ("12.3", 1230),
        ("12", 1200),
        ("0", 0),
        ("-0.00", 0),
        ("-0.05", -5),
        (" 12.34 ", 1234),
        ("1E2", 10000),
        ("12.3400000000", 1234),
        (7, 700),
        (Decimal("0.10"), 10),
        ("99999999999999.99", money.LARGEST),
        ("-99999999999999.99", -money.LARGEST),
        ("0E+999999", 0),
    ],
)
def test_an_amount_in_yuan_is_a_whole_number_of_fen(yuan: str | int | Decimal, fen: int) -> None:
    assert money.of(yuan) == fen


@pytest.mark.parametrize(
    "yuan",
    [
        "12.345",
        "0.001",
        "12.34" + "0" * 40 + "1",  # more digits than a decimal context keeps
        "0." + "9" * 40,
        "1E-1000030",
        Decimal("0.999999999999999999999999999999999"),
    ],
)
def test_a_third_decimal_is_refused_however_far_it_stands(yuan: str | Decimal) -> None:
    with pytest.raises(ValueError, match="at most 2 decimals"):
        money.of(yuan)


@pytest.mark.parametrize("yuan", ["100000000000000.00", "-100000000000000", "1E15", "9" * 5000])
def test_a_seventeenth_digit_is_refused(yuan: str) -> None:
    with pytest.raises(ValueError, match="at most 16 digits"):
        money.of(yuan)


@pytest.mark.parametrize(
    "yuan", ["", " ", "abc", "1,000.00", "1_000", "¥5", "１２", "٣", "NaN", "sNaN", "Infinity", "0x10"]
)
def test_what_is_not_a_plain_number_is_refused(yuan: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        money.of(yuan)


def test_a_refusal_quotes_only_the_beginning_of_what_it_was_given() -> None:
    with pytest.raises(ValueError, match="not a") as refused:
        money.of("x" * 100_000)

    assert len(str(refused.value)) < 100


def test_an_amount_is_written_with_two_decimals() -> None:
    assert [money.text(fen) for fen in (1234, 5, 0, -5, -1234, 100)] == [
        "12.34",
        "0.05",
        "0.00",
        "-0.05",
        "-12.34",
        "1.00",
    ]
    assert str(money.decimal(100)) == "1.00"
    assert str(money.decimal(-5)) == "-0.05"
    assert str(money.decimal(money.LARGEST)) == "99999999999999.99"


@pytest.mark.parametrize(
    ("amount", "ratio", "part"),
    [
        (1000, 6500, 650),
        (1, 5000, 1),  # 0.5 fen goes up
        (3, 5000, 2),  # 1.5 fen goes up
        (1, 4999, 0),
        (-1, 5000, -1),  # a refund mirrors the charge it undoes
        (-3, 5000, -2),
        (12345, 0, 0),
        (12345, money.RATE_ONE, 12345),
        (2_218_045, 6500, 1_441_729),  # (32180.45 - 10000.00) * 65% = 14417.2925
    ],
)
def test_a_share_is_rounded_half_up_to_the_fen(amount: int, ratio: int, part: int) -> None:
    assert money.share(amount, ratio) == part


@pytest.mark.parametrize(
    ("ratio", "rate"), [("0.65", 6500), ("0", 0), ("1", 10_000), ("0.0001", 1), (Decimal("0.125"), 1250)]
)
def test_a_ratio_is_whole_ten_thousandths(ratio: str | Decimal, rate: int) -> None:
    assert money.rate(ratio) == rate


@pytest.mark.parametrize("ratio", ["1.0001", "-0.1", "65", "0.00001", "0." + "9" * 40, "", "half", "NaN"])
def test_a_ratio_outside_nought_to_one_or_beyond_four_decimals_is_refused(ratio: str) -> None:
    with pytest.raises(ValueError, match="ratio"):
        money.rate(ratio)


def test_a_ratio_reads_as_a_percentage() -> None:
    assert [money.percent(ratio) for ratio in (6500, 1250, 1205, 10_000, 0, 1)] == [
        "65",
        "12.5",
        "12.05",
        "100",
        "0",
        "0.01",
    ]
