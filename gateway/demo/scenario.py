"""What a named scenario is, and the stage it is played on."""

from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from gateway.demo.care import CITY, Care, Institution, load_courses, make_care
from gateway.demo.counter_fhir import FhirCounter
from gateway.demo.counter_hl7v2 import MllpCounter
from gateway.demo.counter_nhsa import NhsaCounter
from gateway.demo.people import SEED, Resident, Town
from gateway.demo.site import Site
from gateway.fhir.json import read_stored
from gateway.fhir.systems import sid
from gateway.store.store import Store
from gateway.store.values import Token

ADMITTED_ON = date(2015, 3, 2)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that was tried. `key`: of the message it turned on; `expected`, `actual`: outcomes in words."""

    name: str
    key: str
    expected: str
    actual: str

    @property
    def ok(self) -> bool:
        return self.expected == self.actual


class Stage:
    """One counter of each channel at the city hospital, and the store to look at what was kept. Close it."""

    def __init__(self, site: Site, town: Town, store: Store) -> None:
        self.site = site
        self.parts = town.parts
        self.store = store
        with ExitStack() as opened:
            self.nhsa = opened.enter_context(closing(NhsaCounter(site, CITY)))
            self.hl7v2 = opened.enter_context(closing(MllpCounter(site, CITY)))
            self.fhir = opened.enter_context(closing(FhirCounter(site, CITY)))
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

    def care(self, part: str, course: str = "pneumonia", *, mark: str = "", at: Institution = CITY) -> Care:
        """A stay of the resident who plays a part; the same course is always the same bill."""
        return make_care(
            load_courses()[course],
            self.parts[part],
            at,
            visit=f"S-{part.replace('_', '-')}{mark}",
            from_on=ADMITTED_ON,
            chance=Random(SEED),
        )

    def patient_id(self, resident: Resident) -> str:
        """Our id of a resident."""
        token = Token("identifier", sid("citizen-id"), resident.citizen_id)
        return self.store.search("Patient", tokens=[[token]], limit=1)[0].id

    def response(self, settlement: str) -> dict[str, Any]:
        """A ClaimResponse as it is stored."""
        stored = self.store.read("ClaimResponse", settlement)
        assert stored is not None, "a settlement has its response"
        return read_stored(stored.body, id=stored.id)

    def settlements_of(self, resident: Resident) -> int:
        """How many settlements of a person are in force."""
        return len(self.store.settlements(person=self.patient_id(resident), state="effective", limit=100))


def renumbered(resident: Resident, citizen_id: str) -> Resident:
    """The same person under another citizen ID."""
    return replace(resident, citizen_id=citizen_id)
