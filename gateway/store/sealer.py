"""A thread that seals the books now and then, and notes an anchor outside the database once a day.

It reads on connections of its own and gives the writer one small job a link: no message waits for a hash.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from gateway.kernel.calendar import business_day
from gateway.kernel.problem import Refusal
from gateway.store.anchors import append_anchor, read_anchors
from gateway.store.store import Store

log = logging.getLogger("gateway.store")


class Sealer:
    """Owns the thread. `every_s`: seconds between two looks; `anchors`: the file; `clock`: the instant, with a zone."""

    def __init__(self, store: Store, *, every_s: int, anchors: Path, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._every_s = every_s
        self._anchors = anchors
        self._clock = clock
        self._stop = Event()
        self._thread = Thread(target=self._run, name="store-sealer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Seal what is left, note where the chain stands, stop."""
        self._stop.set()
        self._thread.join()
        self._look(closing=True)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self._look(closing=False)

    def _look(self, *, closing: bool) -> None:
        try:
            self._store.seal()
            self._note(closing=closing)
        except (Refusal, OSError) as error:  # the database or the disk is away: what waits is sealed at the next look
            log.warning("the books were not sealed: %s", error)

    def _note(self, *, closing: bool) -> None:
        """An anchor for the first look of a day, and for the last one before the process ends, unless it is there."""
        anchor = self._store.anchor(business_day(self._clock()))
        if anchor is None:
            return
        noted = read_anchors(self._anchors)
        last = noted[-1] if noted else None
        if last is None or last.day != anchor.day or (closing and last.number != anchor.number):
            append_anchor(self._anchors, anchor)
