"""A few reading connections, lent to one caller at a time. They see only what is committed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from threading import BoundedSemaphore

from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Refusal
from gateway.store import problems
from gateway.store.queries import Place
from gateway.store.sealing import Keyring
from gateway.store.session import Lost, Reading, Rerun

_MOST = 8


class Readers:
    """Connections are opened when first needed and kept. Refusal `store-unavailable` when none can be had."""

    def __init__(self, connect: Callable[[], Reading], *, area: AreaCode, keyring: Keyring) -> None:
        self._connect = connect
        self._area = area
        self._keyring = keyring
        self._idle: LifoQueue[Reading] = LifoQueue()
        self._free = BoundedSemaphore(_MOST)

    @contextmanager
    def borrow(self) -> Iterator[Place]:
        """A connection for a few statements; one that fails is not used again."""
        with self._free:
            session: Reading | None = None
            try:
                session = self._take()
                yield Place(session, self._area, self._keyring)
            except (Lost, Rerun):
                if session is not None:
                    session.close()
                raise Refusal(problems.unavailable()) from None
            except BaseException:
                if session is not None:
                    session.close()
                raise
            self._idle.put(session)

    @contextmanager
    def snapshot(self) -> Iterator[Place]:
        """The same, with every read at the same commit."""
        with self.borrow() as place:
            place.session.snapshot()
            try:
                yield place
            finally:
                place.session.release()

    def _take(self) -> Reading:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._connect()

    def close(self) -> None:
        """Close what is idle."""
        while not self._idle.empty():
            self._idle.get_nowait().close()
