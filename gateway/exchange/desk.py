"""What every operation works with, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from gateway.fhir.guide import Guide
from gateway.kernel.calendar import business_day
from gateway.kernel.ids import AreaCode
from gateway.policies.load import AreaPolicy, PolicyBook
from gateway.security.partners import Partner
from gateway.store.store import Store
from gateway.store.unit import Unit

Resource: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looking:
    """What is read before the writer is asked: by an operation whose reading is long, on another thread."""

    store: Store
    book: PolicyBook
    partner: Partner
    area: AreaCode
    now: datetime

    @property
    def today(self) -> date:
        return business_day(self.now)

    @property
    def schemes(self) -> frozenset[str]:
        """Schemes that the area has a policy for."""
        return schemes_in(self.book, self.area)


@dataclass(frozen=True, slots=True)
class Desk:
    """One message's place of work. `reference`: our own id for the message; `guide` judges what is put on it;
    `looked`: what its look brought."""

    unit: Unit
    book: PolicyBook
    partner: Partner
    area: AreaCode
    now: datetime
    new_id: Callable[[], str]
    reference: str
    guide: Guide
    looked: Any = None

    @property
    def today(self) -> date:
        return business_day(self.now)

    @property
    def schemes(self) -> frozenset[str]:
        """Schemes that the area has a policy for."""
        return schemes_in(self.book, self.area)

    def area_policy(self, scheme: str) -> AreaPolicy:
        """Policy, catalogue and institutions of the area for a scheme; a configuration without them is our bug."""
        found = self.book.of(self.area, scheme)
        assert found is not None, f"area {self.area} has no policy for scheme {scheme}"
        return found


def schemes_in(book: PolicyBook, area: AreaCode) -> frozenset[str]:
    """Schemes that an area has a policy for."""
    return frozenset(each.policy.scheme for each in book.policies.values() if each.policy.area == area)


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation did. `tree`: the resources its answer is written from. `subject`: id of the thing it made."""

    tree: Mapping[str, Any]
    subject: str = ""


Operation: TypeAlias = Callable[[Desk, Sequence[Resource]], Result]
Look: TypeAlias = Callable[[Looking, Sequence[Resource]], Any]
"""Reads for an operation, outside the writer: what it gives is the operation's `desk.looked`. Refusal as there."""
