"""The category of a person in a residents' scheme by age, until a school roster says more."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Ages(NamedTuple):
    """Ages in completed years: from this one on, and below that one."""

    from_age: int
    below_age: int


def category_on(ages: Mapping[str, Ages], *, born_on: date, day: date, otherwise: str) -> str:
    """The category whose ages hold the person's age on a day."""
    age = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    for category, span in ages.items():
        if span.from_age <= age < span.below_age:
            return category
    return otherwise
