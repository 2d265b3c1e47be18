"""Small readers of spots: each gives a value, or records what to write instead and gives a harmless one.

Reading goes on after a problem, so that a policy author sees everything wrong with a file at once. Whoever calls them
throws the values away when any problem was recorded.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from gateway.kernel import money
from gateway.kernel.calendar import parse_day
from gateway.kernel.dated import FOREVER, Dated, first_overlap
from gateway.kernel.money import Fen, Rate
from gateway.policies.nodes import Spot, mark_wrong, plain
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape

T = TypeVar("T")


def members(spot: Spot, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Spot]:
    """The members of a mapping with exactly these keys; a missing or unknown key is recorded."""
    value = spot.node.value
    if not isinstance(value, dict):
        wanted = ", ".join(f"{key}: …" for key in required)
        mark_wrong(spot, "policy-shape", f"write a mapping {{{wanted}}}", f"应写成映射 {{{wanted}}}")
        return {}
    known = (*required, *optional)
    for key, node in value.items():
        if key not in known:
            here = spot.below(key, node)
            options = ", ".join(known)
            mark_wrong(here, "policy-key", f"unknown key: write one of {options}", f"未知的键:应为 {options} 之一")
    for key in required:
        if key not in value:
            mark_wrong(spot, "policy-key", f"'{key}' is missing: add it", f"缺少“{key}”:请补上")
    return {key: spot.below(key, node) for key, node in value.items() if key in known}


def entries(spot: Spot | None) -> dict[str, Spot]:
    """The members of a mapping whose keys the author chooses."""
    if spot is None:
        return {}
    if not isinstance(spot.node.value, dict):
        mark_wrong(spot, "policy-shape", "write a mapping {name: …}", "应写成映射 {名称: …}")
        return {}
    return {key: spot.below(key, node) for key, node in spot.node.value.items()}


def items(spot: Spot | None) -> list[Spot]:
    """The elements of a list that has at least one."""
    if spot is None:
        return []
    if not isinstance(spot.node.value, list) or not spot.node.value:
        mark_wrong(spot, "policy-shape", "write a list with at least one element", "应写成至少有一个元素的列表")
        return []
    return [spot.below(f"[{number}]", node) for number, node in enumerate(spot.node.value)]


def text(spot: Spot | None, *, empty: bool = False) -> str:
    """A text; `empty` allows '' and null. A missing spot was recorded by `members` and gives ''."""
    if spot is None:
        return ""
    value = spot.node.value
    if isinstance(value, str) and value.strip():
        return value.strip()
    if not (empty and (value is None or isinstance(value, str))):
        mark_wrong(spot, "policy-shape", "write a text", "应写文字")
    return ""


def _scalar(spot: Spot) -> str:
    return spot.node.value.strip() if isinstance(spot.node.value, str) else ""


def word(spot: Spot | None, options: Collection[str]) -> str:
    """One of a few words."""
    said = text(spot)
    if spot is not None and said and said not in options:
        listed = ", ".join(options)
        mark_wrong(
            spot, "policy-word", f"'{said[:40]}' is unknown: write one of {listed}", f"未知的值:应为 {listed} 之一"
        )
        return ""
    return said


def words(spot: Spot | None, options: Collection[str]) -> frozenset[str]:
    """A set of known words."""
    return frozenset(word(each, options) for each in items(spot))


def day(spot: Spot | None, otherwise: date) -> date:
    """A day written YYYY-MM-DD."""
    if spot is None:
        return otherwise
    try:
        return parse_day(_scalar(spot))
    except ValueError:
        mark_wrong(spot, "policy-day", "write a day that exists as YYYY-MM-DD", "应写存在的日期 YYYY-MM-DD")
        return otherwise


def span(found: Mapping[str, Spot], *, from_on: date = date.min, to_on: date = FOREVER) -> tuple[date, date]:
    """The days `from` to `to`, both inclusive, in this order."""
    first, last = day(found.get("from"), from_on), day(found.get("to"), to_on)
    if last < first:
        mark_wrong(found["to" if "to" in found else "from"], "policy-day", "ends before it begins", "截止日早于起始日")
    return first, last


def wording(spot: Spot | None) -> Wording:
    """Words in both languages: {zh: …, en: …}."""
    found = members(spot, ("zh", "en")) if spot is not None else {}
    return Wording(text(found.get("zh")), text(found.get("en")))


def amount(spot: Spot | None) -> Fen:
    """An amount in yuan, not negative."""
    if spot is None:
        return 0
    try:
        fen = money.of(_scalar(spot))
    except ValueError:
        fen = -1
    if fen < 0:
        mark_wrong(spot, "policy-shape", 'write an amount in yuan such as "500.00"', '应写以元为单位的金额,如 "500.00"')
        return 0
    return fen


def ratio(spot: Spot | None) -> Rate:
    """A ratio between 0 and 1 with at most four decimals."""
    if spot is None:
        return 0
    try:
        return money.rate(_scalar(spot))
    except ValueError:
        mark_wrong(spot, "policy-shape", 'write a ratio between 0 and 1 such as "0.10"', '应写 0 到 1 的比例,如 "0.10"')
        return 0


def shaped(spot: Spot, shape: Shape, levels: Collection[str]) -> object:
    """A value as a step wants it, or None after recording what it wants."""
    try:
        return shape.parse(plain(spot.node), levels)
    except (ValueError, TypeError, ArithmeticError) as error:
        mark_wrong(spot, "policy-shape", f"write {shape.wants} ({error})", f"应写 {shape.wants}({error})")
        return None


def check_overlap(spots: Sequence[Spot], values: Sequence[Dated[T]]) -> None:
    """Record the later of two values that hold on one same day."""
    pair = first_overlap(values)
    if pair is None:
        return
    earlier, later = pair
    spot = next(s for s, value in zip(spots, values, strict=True) if value is later)
    mark_wrong(
        spot,
        "policy-overlap",
        f"holds from {later.from_on} while another value holds until {earlier.to_on}: change one of the days",
        f"自 {later.from_on} 起与另一条(至 {earlier.to_on})重叠:请修改日期",
    )


def by_day(values: Iterable[Dated[T]]) -> tuple[Dated[T], ...]:
    """Dated values in the order of their days."""
    return tuple(sorted(values, key=lambda value: value.from_on))
