"""An amount in parts that are the amount together: by shares of levels of government, by quarters and months of a
year.
"""

from collections.abc import Mapping

from gateway.kernel import money
from gateway.kernel.money import Fen


def split(amount: Fen, parts: Mapping[str, int]) -> dict[str, Fen]:
    """An amount by parts (district 1, town 2), rounded on the running sum, so that they are the amount together."""
    whole, reached, given = sum(parts.values()), 0, 0
    found: dict[str, Fen] = {}
    for name, part in parts.items():
        reached += part
        found[name] = money.portion(amount, reached, whole) - given
        given += found[name]
    return found


def part_of_year(yearly: Fen, number: int, *, of: int) -> Fen:
    """The part of a quarter (`of` 4) or month (`of` 12), rounded on the running sum: the parts are the year."""
    assert 1 <= number <= of, "a part lies in the year"
    return money.portion(yearly, number, of) - money.portion(yearly, number - 1, of)
