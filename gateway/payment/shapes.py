"""Shapes of payment parameters, beside those of settlement: what a method expects and how raw text becomes it."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from gateway.kernel import money
from gateway.kernel.money import Fen, Rate
from gateway.payment.groups import LONGEST_STAY, OLDEST
from gateway.settlement.shapes import MONEY, RATE, Shape

_LARGEST_MULTIPLE = 10_000 * money.RATE_ONE


class DayBand(NamedTuple):
    """Days of a stay up to and with `up_to` are paid at `rate` fen each."""

    up_to: int
    rate: Fen


class ShareBand(NamedTuple):
    """Overspend up to `up_to` ten-thousandths of the budget: the fund bears `fund` of it."""

    up_to: int
    fund: Rate


class HeadClass(NamedTuple):
    """People served by age (years, `below_age` exclusive) and sex ('' both), and what one counts in ten-thousandths."""

    weight: int
    from_age: int
    below_age: int
    sex: str


def multiple_of(raw: Any) -> int:
    """Ten-thousandths of a number above nothing, at most 10,000 with four decimals. ValueError otherwise."""
    if not isinstance(raw, str):
        raise ValueError("not a number")
    number = money.scaled(raw.strip(), decimals=4, what="number")
    if not 0 < number <= _LARGEST_MULTIPLE:
        raise ValueError("not between 0 and 10,000")
    return number


def _multiple(raw: Any, _levels: Collection[str]) -> int:
    return multiple_of(raw)


def by_key(shape: Shape, what: str) -> Shape:
    """A mapping with freely chosen keys: institutions, groups."""

    def parse(raw: Any, levels: Collection[str]) -> dict[str, Any]:
        if not isinstance(raw, Mapping) or not raw:
            raise ValueError(f"not a value for each {what}")
        return {str(key): shape.parse(each, levels) for key, each in raw.items()}

    return Shape(f"{{{what}: {shape.wants}, …}}", parse, shape)


def _whole(raw: Any, otherwise: int, most: int) -> int:
    if raw is None:
        return otherwise
    if not (isinstance(raw, str) and raw.isascii() and raw.isdigit() and int(raw) <= most):
        raise ValueError(f"not a whole number up to {most}")
    return int(raw)


def _day_bands(raw: Any, levels: Collection[str]) -> tuple[DayBand, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of bands")
    bands = []
    for each in raw:
        if not isinstance(each, Mapping) or set(each) != {"up_to", "rate"}:
            raise ValueError("a band has up_to and rate")
        bands.append(DayBand(_whole(each["up_to"], LONGEST_STAY, LONGEST_STAY), MONEY.parse(each["rate"], levels)))
    if any(later.up_to <= earlier.up_to for earlier, later in pairwise(bands)) or bands[-1].up_to != LONGEST_STAY:
        raise ValueError("bands rise, the last one has no end")
    return tuple(bands)


def _share_bands(raw: Any, levels: Collection[str]) -> tuple[ShareBand, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of bands")
    bands = []
    for each in raw:
        if not isinstance(each, Mapping) or set(each) != {"up_to", "fund"}:
            raise ValueError("a band has up_to and fund")
        end = _LARGEST_MULTIPLE if each["up_to"] is None else multiple_of(each["up_to"])
        bands.append(ShareBand(end, RATE.parse(each["fund"], levels)))
    if any(later.up_to <= earlier.up_to for earlier, later in pairwise(bands)) or bands[-1].up_to != _LARGEST_MULTIPLE:
        raise ValueError("bands rise, the last one has no end")
    return tuple(bands)


def _head_classes(raw: Any, _levels: Collection[str]) -> dict[str, HeadClass]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("not a mapping of classes")
    classes = {}
    for name, each in raw.items():
        if not isinstance(each, Mapping) or not {"weight"} <= set(each) <= {"weight", "from_age", "below_age", "sex"}:
            raise ValueError("a class has weight, and may have from_age, below_age, sex")
        sex = each.get("sex") or ""
        if sex not in ("", "male", "female"):
            raise ValueError("sex is male or female")
        ages = _whole(each.get("from_age"), 0, OLDEST), _whole(each.get("below_age"), OLDEST, OLDEST)
        classes[str(name)] = HeadClass(multiple_of(each["weight"]), *ages, sex)
    return classes


MULTIPLE = Shape('a number above 0 with at most four decimals in quotes, such as "1.2"', _multiple)
DAY_BANDS = Shape('rising bands of days, such as [{up_to: 15, rate: "300.00"}, {up_to: null, rate: …}]', _day_bands)
SHARE_BANDS = Shape(
    'rising bands of overspend, such as [{up_to: "0.10", fund: "0.50"}, {up_to: null, fund: "0"}]', _share_bands
)
HEAD_CLASSES = Shape('classes, such as {child: {weight: "1.2", below_age: 6}, …}', _head_classes)
MONEY_BY_GROUP = by_key(MONEY, "group")
MONEY_BY_INSTITUTION = by_key(MONEY, "institution")
MULTIPLE_BY_GROUP = by_key(MULTIPLE, "group")
MULTIPLE_BY_INSTITUTION = by_key(MULTIPLE, "institution")
