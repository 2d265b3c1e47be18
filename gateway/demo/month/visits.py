"""The month's care at the counters, each institution in its own format, each treatment settled on the day it ends."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import date

from gateway.demo.care import Care
from gateway.demo.clinics import Open
from gateway.demo.counter_fhir import FhirCounter
from gateway.demo.counter_hl7v2 import MllpCounter
from gateway.demo.counter_nhsa import NhsaCounter
from gateway.demo.month.places import CHANNELS, PLACES
from gateway.demo.month.scene import Scene, Visit
from gateway.demo.site import Counter

_COUNTERS: Mapping[str, Open] = {"nhsa": NhsaCounter, "fhir": FhirCounter, "hl7v2": MllpCounter}


def settle_until(scene: Scene, plan: Sequence[Care], *, from_on: date, to_on: date, done: Callable[[], None]) -> None:
    """Every treatment that ends in these days, in its order."""
    with ExitStack() as stack:
        counters: dict[str, Counter] = {}
        for care in plan:
            if not from_on <= care.to_on <= to_on:
                continue
            scene.on(care.to_on)
            place = care.institution.place
            if place not in counters:
                opened = _COUNTERS[CHANNELS[place]](scene.site, PLACES[place])
                counters[place] = stack.enter_context(closing(opened))
            scene.visits.append(_settled(counters[place], care))
            done()


def _settled(counter: Counter, care: Care) -> Visit:
    if isinstance(counter, NhsaCounter):
        talk = counter.talk(care)
        return Visit(care, counter.outcome(talk), talk)
    return Visit(care, counter.submit(care), None)


def cancel(scene: Scene, visit: Visit, name: str, *, expected: str = "cancelled") -> None:
    """2305 of a settled stay."""
    with closing(NhsaCounter(scene.site, visit.care.institution)) as counter:
        outcome = counter.cancel(visit.talk)
    said = "cancelled" if not outcome.codes else f"refused: {','.join(outcome.codes)}"
    scene.tried(name, outcome.key, expected=expected, actual=said)


def last_stay(scene: Scene, place: str) -> Visit:
    """The stay at an institution that ended last: nothing of its person was settled after it."""
    return [each for each in scene.settled_at(place) if each.care.stays][-1]
