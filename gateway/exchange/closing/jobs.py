"""Closings in a serving process: frozen at once, carried through by one thread behind, taken up again after a restart.

The state of a closing is its dossier: whoever asks reads it, and a process that starts finds what another left.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from gateway.exchange.closing.month import Told, check_month, close_month
from gateway.exchange.closing.periods import CLOSING, Begun, begin_period
from gateway.exchange.closing.year import check_year, close_year
from gateway.exchange.exchange import Exchange
from gateway.kernel.problem import Refusal
from gateway.store.values import ClosedPeriod, PeriodState

log = logging.getLogger("gateway.exchange")

LEAST_PAUSE_S, MOST_PAUSE_S = 0.001, 0.05
"""Bounds of the pause after each step. It is as long as the step took: claims have at least half of the time."""

_PAGE = 100


class _Stopped(Exception):
    """The process ends: the closing goes on in the next one."""


class ClosingJobs:
    """Owns the thread. Close it before the store."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="closing")
        self._stopping = Event()

    def start(self, scheme: str, period: str, *, by: str) -> Begun:
        """Freeze a month '2015-06' or a year '2015' and carry it through behind. Refusal where it may not be closed.

        Asked again while it runs, or after: as it stands.
        """
        check = check_month if "-" in period else check_year
        check(self._exchange, scheme, period)
        begun = begin_period(self._exchange, scheme, period, by=by)
        if begun.period.state is PeriodState.CLOSING:
            self._thread.submit(self._carry_through, scheme, period, by)
        return begun

    def resume(self) -> int:
        """Take up every closing that was begun and not ended; how many there were."""
        found = self._exchange.store.dossiers(CLOSING, state=PeriodState.CLOSING, limit=_PAGE)
        for each in found:
            scheme = each.key.partition("|")[0]
            self._thread.submit(self._carry_through, scheme, each.period, "resumed")
        return len(found)

    def close(self) -> None:
        """Let the running one end its step; what is left is taken up by the next process."""
        self._stopping.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _carry_through(self, scheme: str, period: str, by: str) -> None:
        work: Callable[..., ClosedPeriod] = close_month if "-" in period else close_year
        try:
            work(self._exchange, scheme, period, by=by, told=self._pacing())
        except _Stopped:
            log.info("closing %s %s goes on at the next start", scheme, period)
        except Refusal as refusal:
            log.error("closing %s %s waits: %s", scheme, period, refusal.problems[0].code)
        except Exception:
            log.exception("closing %s %s failed: it stays frozen and is taken up at the next start", scheme, period)

    def _pacing(self) -> Told:
        """Pauses after each step as long as it took, and ends the closing when the process does."""
        since = time.monotonic()

        def pause(_part: str, _done: int, _whole: int) -> None:
            nonlocal since
            worked = time.monotonic() - since
            if self._stopping.wait(min(max(worked, LEAST_PAUSE_S), MOST_PAUSE_S)):
                raise _Stopped
            since = time.monotonic()

        return pause
