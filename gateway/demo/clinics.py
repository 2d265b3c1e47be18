"""The day at the counters: several threads send at once, each with connections of its own."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from typing import TypeAlias

from gateway.demo.care import INSTITUTIONS, Care, Institution
from gateway.demo.counter_fhir import FhirCounter
from gateway.demo.counter_hl7v2 import MllpCounter
from gateway.demo.counter_nhsa import NhsaCounter
from gateway.demo.outcome import Outcome
from gateway.demo.plan import Plan
from gateway.demo.site import Counter, Site

Open: TypeAlias = Callable[[Site, Institution], Counter]

NHSA_THREADS, HL7_THREADS, FHIR_THREADS = 4, 2, 1


def settle_all(site: Site, plan: Plan, done: Callable[[], None]) -> list[Outcome]:
    """Every treatment of the plan; `done` is called after each. The outcomes are in no order that means anything."""
    queues: list[tuple[Open, Sequence[Care]]] = [
        *((NhsaCounter, queue) for queue in _queues(plan.nhsa, NHSA_THREADS)),
        *((MllpCounter, queue) for queue in _queues(plan.hl7v2, HL7_THREADS)),
        *((FhirCounter, queue) for queue in _queues(plan.fhir, FHIR_THREADS)),
    ]
    with ThreadPoolExecutor(len(queues), "demo-counter") as threads:
        work = partial(_work, site, done)
        running = [threads.submit(work, opened, queue) for opened, queue in queues]
        return [outcome for each in running for outcome in each.result()]


def _queues(care: Iterable[Care], many: int) -> list[list[Care]]:
    """One queue a thread; a person's visits are all in one, in their order."""
    queues: list[list[Care]] = [[] for _ in range(many)]
    for each in care:
        queues[each.resident.number % many].append(each)
    return queues


def _work(site: Site, done: Callable[[], None], opened: Open, queue: Sequence[Care]) -> list[Outcome]:
    outcomes = []
    with ExitStack() as stack:
        counters = {
            institution.code: stack.enter_context(closing(opened(site, institution)))
            for institution in INSTITUTIONS.values()
        }
        for care in queue:
            outcomes.append(counters[care.institution.code].submit(care))
            done()
    return outcomes
