"""Three hundred made-up residents, always the same ones: households from a newborn to a person of 95.

Names come from a reserved pool (测试 and two characters), citizen IDs are generated with a valid check digit; nobody
real is meant. Some residents play a named part in a scenario; they live alone, so that nothing else happens to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gateway.kernel.citizen_id import check_digit

PEOPLE = 300
SEED = 20150320
AREA = "321182"
TODAY = date(2015, 3, 20)
REGISTERED_ON = date(2015, 1, 4)

PARTS = (
    *(
        "repeated",
        "repeated_hl7v2",
        "repeated_fhir",
        "key_reused",
        "cancelled",
        "cancelled_hl7v2",
        "out_of_order",
        "ceiling",
        "deceased",
    ),
    *("unknown_code", "trio_nhsa", "trio_hl7v2", "trio_fhir", "two_channels", "credited_twice", "paid_short"),
    *("paid_over", "paid_in_parts", "cut_off", "moved_out", "renumbered", "other_household", "bad_input"),
)
"""Parts in scenarios, played by the last residents."""

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕"
_HEAD, _SPOUSE, _SON, _DAUGHTER, _PARENT = "户主", "10", "20", "30", "50"  # GB/T 4761


@dataclass(frozen=True, slots=True)
class Resident:
    """One person. `sex`: male or female; `relation`: to the head of the household, GB/T 4761."""

    number: int
    citizen_id: str
    name: str
    born_on: date
    sex: str
    household: str
    relation: str
    head_id: str

    def age_on(self, day: date) -> int:
        """Completed years."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True, slots=True)
class Town:
    """All residents, and the parts that the last of them play."""

    residents: tuple[Resident, ...]
    parts: dict[str, Resident]

    @property
    def ordinary(self) -> tuple[Resident, ...]:
        """Those without a part."""
        return self.residents[: PEOPLE - len(PARTS)]


def make_town() -> Town:
    """The same town every time."""
    chance = Random(SEED)
    residents: list[Resident] = []
    household = 0
    while len(residents) < PEOPLE - len(PARTS):
        household += 1
        room = PEOPLE - len(PARTS) - len(residents)
        residents += _household(household, len(residents), list(_members(household, chance))[:room])
    for part in range(len(PARTS)):
        born_on = date(1958 + part % 12, 1 + part % 12, 1 + part)
        residents += _household(household + 1 + part, len(residents), [(born_on, part % 2 == 0, _HEAD)])
    parts = dict(zip(PARTS, residents[-len(PARTS) :], strict=True))
    return Town(tuple(residents), parts)


def _members(household: int, chance: Random) -> Iterator[tuple[date, bool, str]]:
    """Birth date, whether male, relation: a head, mostly a spouse, some children, perhaps a parent."""
    head_age = chance.randrange(25, 76)
    yield _born(head_age, chance), chance.randrange(2) == 0, _HEAD
    if chance.randrange(4):
        yield _born(max(22, head_age - chance.randrange(-3, 6)), chance), chance.randrange(2) == 0, _SPOUSE
    for _ in range(chance.choice((0, 1, 1, 2))):
        age = head_age - chance.randrange(22, 33)
        if age >= 0:
            male = chance.randrange(2) == 0
            yield _born(age, chance), male, _SON if male else _DAUGHTER
    if household == 1:  # the youngest and the oldest of the town
        yield TODAY - timedelta(days=18), False, _DAUGHTER
        yield date(1919, 6, 18), False, _PARENT
    elif head_age < 65 and chance.randrange(3) == 0:
        yield _born(min(95, head_age + chance.randrange(20, 31)), chance), chance.randrange(2) == 0, _PARENT


def _born(age: int, chance: Random) -> date:
    """A birth date of somebody who is that old today."""
    return TODAY.replace(year=TODAY.year - age) - timedelta(days=chance.randrange(365))


def _household(number: int, first: int, members: list[tuple[date, bool, str]]) -> list[Resident]:
    ids = [_citizen_id(born_on, first + place, male) for place, (born_on, male, _) in enumerate(members)]
    return [
        Resident(
            number=first + place,
            citizen_id=ids[place],
            name=_name(first + place),
            born_on=born_on,
            sex="male" if male else "female",
            household=f"H{number:04d}",
            relation=relation,
            head_id=ids[0],
        )
        for place, (born_on, male, relation) in enumerate(members)
    ]


def _name(number: int) -> str:
    return f"测试{_STEMS[number % len(_STEMS)]}{_BRANCHES[number // len(_STEMS)]}"


def _citizen_id(born_on: date, number: int, male: bool) -> str:
    """Serial numbers are odd for men; each resident has a pair of its own, so no two are the same."""
    first_17 = f"{AREA}{born_on:%Y%m%d}{2 * number + (1 if male else 2):03d}"
    return first_17 + check_digit(first_17)


def new_citizen_id(resident: Resident) -> str:
    """The number after a change of it: the same person in a serial range of its own."""
    first_17 = resident.citizen_id[:14] + f"{int(resident.citizen_id[14:17]) + 300:03d}"
    return first_17 + check_digit(first_17)


def stranger_id() -> str:
    """A valid citizen ID that no resident has."""
    first_17 = f"{AREA}19800229999"
    return first_17 + check_digit(first_17)
