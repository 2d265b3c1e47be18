"""The one thread that writes: it collects what waits, runs it in one transaction, and answers after the commit.

Sixteen callers cost one sync of the disk instead of sixteen. A job that fails drops its own effects and hurts no other.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, NamedTuple, TypeVar

from gateway.kernel.problem import Problem, Refusal
from gateway.store import problems
from gateway.store.facts import Facts, Wanted
from gateway.store.flush import batch_of
from gateway.store.pending import Pending
from gateway.store.queries import Place
from gateway.store.session import Lost, Rerun, Session
from gateway.store.unit import Unit
from gateway.store.values import Wants

T = TypeVar("T")

GROUP = 64
_TRIES = 5
_PAUSE_S = 0.002


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    work: Callable[[Unit], T]
    wants: Wants
    future: "Future[T]"


class _Outcome(NamedTuple):
    result: Any
    error: BaseException | None


class Writer:
    """Owns the writing connection. `submit` from any thread; everything else happens on its own."""

    def __init__(
        self, session: Session, place: Place, *, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        self.session = session
        self.broken = False
        self._place = place
        self._clock = clock
        self._make_id = make_id
        self._queue: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._closed = False
        self._thread = Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Unit], T], wants: Wants) -> "Future[T]":
        """The result after the commit; Refusal `store-unavailable` after `close`."""
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Refusal(problems.unavailable()))
        else:
            self._queue.put(Job(work, wants, future))
        return future

    def is_alive(self) -> bool:
        return self._thread.is_alive() and not self.broken

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self.session.close()

    def _serve(self) -> None:
        stop = False
        while not stop:
            found = [self._queue.get()]
            time.sleep(0)  # lets the callers that the last commit woke up bring their next job into this group
            while len(found) < GROUP:
                try:
                    found.append(self._queue.get_nowait())
                except Empty:
                    break
            stop = None in found
            jobs = [job for job in found if job is not None and job.future.set_running_or_notify_cancel()]
            if jobs:
                self._run(jobs)
        self._refuse_rest()

    def _refuse_rest(self) -> None:
        """What slipped in while closing."""
        while not self._queue.empty():
            job = self._queue.get()
            if job is not None and job.future.set_running_or_notify_cancel():
                job.future.set_exception(Refusal(problems.unavailable()))

    def _run(self, jobs: list[Job[Any]]) -> None:
        if self.broken:
            _fail(jobs, problems.unavailable())
            return
        wanted = Wanted()
        for job in jobs:
            wanted.add(job.wants)
        for attempt in range(_TRIES):
            try:
                outcomes = self._group(jobs, wanted)
            except Rerun:
                time.sleep(_PAUSE_S * attempt)
                continue
            except Lost as lost:
                self.broken = lost.broken
                _fail(jobs, problems.unavailable())
                return
            except Exception as error:  # a bug, or input the database refuses: found by running each job alone
                if len(jobs) == 1:
                    jobs[0].future.set_exception(error)
                    return
                break
            _resolve(jobs, outcomes)
            return
        if len(jobs) == 1:
            _fail(jobs, problems.busy())
            return
        for job in jobs:
            self._run([job])

    def _group(self, jobs: list[Job[Any]], wanted: Wanted) -> list[_Outcome]:
        """One transaction: load what all of them want, run each, write everything, commit."""
        self.session.begin()
        try:
            facts = Facts(self._place, self.session, wanted)
            facts.prefetch()

            pending = Pending()
            now = self._clock()
            unit = Unit(self._place, facts, pending, now=now, make_id=self._make_id)
            outcomes = [self._job(unit, job) for job in jobs]

            if pending.is_empty():
                self.session.rollback()
            else:
                block = self.session.open_block()
                self.session.flush(batch_of(self._place, facts, pending, block=block, now=unit.now))
                self.session.commit()
        except BaseException:
            self.session.rollback()
            raise
        return outcomes

    def _job(self, unit: Unit, job: Job[Any]) -> _Outcome:
        mark = unit.mark()
        try:
            outcome = _Outcome(job.work(unit), None)
        except (Rerun, Lost):
            raise
        except BaseException as error:  # whatever it is belongs to the one who submitted the job
            unit.rollback(mark)
            outcome = _Outcome(None, error)
        if self.session.failure is not None:  # the job may have swallowed it, the transaction has not
            raise self.session.failure
        return outcome


def _resolve(jobs: list[Job[Any]], outcomes: list[_Outcome]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if outcome.error is not None:
            job.future.set_exception(outcome.error)
        else:
            job.future.set_result(outcome.result)


def _fail(jobs: list[Job[Any]], problem: Problem) -> None:
    for job in jobs:
        job.future.set_exception(Refusal(problem))
