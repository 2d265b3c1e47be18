"""What every part of the month is played with: the place, the clock, the offices, and what was tried so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from gateway.demo.care import Care
from gateway.demo.month.clock import MonthClock
from gateway.demo.month.office import Office
from gateway.demo.outcome import Outcome
from gateway.demo.people import Town
from gateway.demo.scenario import Scenario
from gateway.demo.site import Site
from gateway.store.store import Store

Told: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """A treatment, how it ended, and what the counter needs to go on with it (None where it needs nothing)."""

    care: Care
    outcome: Outcome
    talk: Any


@dataclass(frozen=True, slots=True)
class Scene:
    """`visits`: in the order in which they were settled; `cancelled`: settlements taken back within the month.

    `late`: those taken back after it was cleared.
    """

    site: Site
    clock: MonthClock
    town: Town
    store: Store
    offices: dict[str, Office]
    scenarios: list[Scenario] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    cancelled: list[Visit] = field(default_factory=list)
    late: list[Visit] = field(default_factory=list)

    def office(self, partner: str) -> Office:
        """The connection of a partner; opened once."""
        if partner not in self.offices:
            self.offices[partner] = Office(self.site, partner)
        return self.offices[partner]

    def on(self, day: date) -> None:
        """Turn the clock to a day."""
        self.clock.turn_to(day)

    def tried(self, name: str, key: str, *, expected: str, actual: str) -> None:
        """Note a scenario."""
        self.scenarios.append(Scenario(name, key, expected, actual))

    def settled_at(self, place: str) -> list[Visit]:
        """The settlements of an institution that the month keeps."""
        return [each for each in self.visits if each.care.institution.place == place and each not in self.cancelled]

    def close(self) -> None:
        for office in self.offices.values():
            office.close()
