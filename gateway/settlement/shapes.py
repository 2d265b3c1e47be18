"""Shapes of policy values: what a step expects an argument to be, and how raw text becomes it."""

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.enrolment.category import Ages
from gateway.kernel import money
from gateway.kernel.money import Fen, Rate


@dataclass(frozen=True, slots=True)
class Shape:
    """`parse(raw, levels)` gives the value or raises ValueError; `wants` tells a policy author what to write.

    `each`: of a value that may differ by level, the shape at one level. `tell`: the value in words for a reader, one
    for each of its parts, where it is no plain amount, ratio or text.
    """

    wants: str
    parse: Callable[[Any, Collection[str]], Any]
    each: "Shape | None" = None
    tell: Callable[[Any], Iterable[str]] | None = None


class Band(NamedTuple):
    """A tier 分段: cost above the band before it and up to `up_to` is shared at `rate`.

    `up_to` is `money.LARGEST` for a band without end.
    """

    up_to: Fen
    rate: Rate


class Levy(NamedTuple):
    """What is raised for one person and benefit year: the person's part and government's."""

    person: Fen
    government: Fen


class DrugIndication(NamedTuple):
    """A special drug and the diagnosis prefixes it is payable for."""

    code: str
    diagnoses: tuple[str, ...]


def _money(raw: Any, _levels: Collection[str]) -> Fen:
    fen = money.of(_text(raw, _levels))
    if fen < 0:
        raise ValueError("negative")
    return fen


def _rate(raw: Any, _levels: Collection[str]) -> Rate:
    return money.rate(_text(raw, _levels))


def _text(raw: Any, _levels: Collection[str]) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("not a text")
    return raw.strip()


def _texts(raw: Any, levels: Collection[str]) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of texts")
    return tuple(_text(each, levels) for each in raw)


def _by_level(raw: Any, levels: Collection[str]) -> Mapping[str, Fen]:
    if not isinstance(raw, Mapping) or set(raw) != set(levels):
        raise ValueError(f"not one amount for each level ({', '.join(levels)})")
    return {level: _money(raw[level], levels) for level in levels}


def _bands(raw: Any, levels: Collection[str]) -> tuple[Band, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of bands")
    bands = []
    for each in raw:
        if not isinstance(each, Mapping) or set(each) != {"up_to", "rate"}:
            raise ValueError("a band has up_to and rate")
        end = money.LARGEST if each["up_to"] is None else _money(each["up_to"], levels)
        bands.append(Band(end, _rate(each["rate"], levels)))
    if any(later.up_to <= earlier.up_to for earlier, later in itertools.pairwise(bands)):
        raise ValueError("bands do not rise")
    return tuple(bands)


def _drugs(raw: Any, levels: Collection[str]) -> tuple[DrugIndication, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of drugs")
    drugs = []
    for each in raw:
        if (
            not isinstance(each, Mapping)
            or set(each) != {"code", "diagnoses"}
            or not isinstance(each["diagnoses"], list)
        ):
            raise ValueError("a drug has code and diagnoses")
        drugs.append(DrugIndication(_text(each["code"], levels), tuple(_text(d, levels) for d in each["diagnoses"])))
    return tuple(drugs)


def _levies(raw: Any, levels: Collection[str]) -> Mapping[str, Levy]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("not a levy by category")
    levies = {}
    for category, parts in raw.items():
        if not isinstance(parts, Mapping) or set(parts) != {"person", "government"}:
            raise ValueError("a levy has person and government")
        levies[category] = Levy(_money(parts["person"], levels), _money(parts["government"], levels))
    return levies


def _ages(raw: Any, _levels: Collection[str]) -> Mapping[str, Ages]:
    if not isinstance(raw, Mapping):
        raise ValueError("not ages by category")
    spans = {}
    for category, span in raw.items():
        if not isinstance(span, Mapping) or set(span) != {"from_age", "below_age"}:
            raise ValueError("ages are from_age and below_age")
        if not all(isinstance(span[end], str) and span[end].isdigit() for end in span):
            raise ValueError("ages are whole numbers")
        spans[category] = Ages(int(span["from_age"]), int(span["below_age"]))
    return spans


MONEY = Shape('an amount in yuan in quotes, such as "500.00"', _money)
RATE = Shape('a ratio between 0 and 1 in quotes, such as "0.65"', _rate)
TEXT = Shape("a text", _text)
TEXTS = Shape("a list of texts, such as [I10, E11]", _texts, tell=lambda value: value)
MONEY_BY_LEVEL = Shape('one amount for each level, such as {township: "300.00", city_hospital: "500.00"}', _by_level)
BANDS = Shape(
    'rising bands, such as [{up_to: "10000.00", rate: "0.60"}, …], the last one up_to: null for no end', _bands
)
DRUG_INDICATIONS = Shape("a list of {code: …, diagnoses: [C92.1, …]}", _drugs)


LEVIES = Shape('a levy by category, such as {resident: {person: "200.00", government: "430.00"}}', _levies)
CATEGORY_AGES = Shape("ages by category, such as {pupil: {from_age: 3, below_age: 18}}", _ages)


def by_level(shape: Shape) -> Shape:
    """A value for all levels, or a mapping with one for each level: `at_level` reads either."""

    def parse(raw: Any, levels: Collection[str]) -> Any:
        if isinstance(raw, Mapping) and set(raw) == set(levels):
            return {level: shape.parse(raw[level], levels) for level in levels}
        return shape.parse(raw, levels)

    return Shape(f"{shape.wants}; or one for each level", parse, shape)


def at_level(value: Any, level: str) -> Any:
    """The value of a level, of what a shape `by_level` has read."""
    return value[level] if isinstance(value, Mapping) else value


def amounts_text(value: Fen | Mapping[str, Fen]) -> str:
    """An amount, or amounts by key, as text: 'primary 200.00, secondary 500.00'."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {money.text(fen)}" for key, fen in value.items())
    return money.text(value)


def count(most: int) -> Shape:
    """A whole number."""

    def parse(raw: Any, levels: Collection[str]) -> int:
        text = _text(raw, levels)
        if not (text.isascii() and text.isdigit() and int(text) <= most):
            raise ValueError(f"not a whole number up to {most}")
        return int(text)

    return Shape("a whole number, such as 30", parse)


PRODUCT_PARAMETERS: Mapping[str, Shape] = {"levy": LEVIES, "category_ages": CATEGORY_AGES}
"""Parameters that enrolment and contributions read by name, whether or not a step does."""


def choice(*options: str) -> Shape:
    """One of a few words."""

    def parse(raw: Any, levels: Collection[str]) -> str:
        text = _text(raw, levels)
        if text not in options:
            raise ValueError(f"not one of {', '.join(options)}")
        return text

    return Shape(f"one of {', '.join(options)}", parse)
