"""A few reading connections, lent to one caller at a time. They see only what is committed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
        self._closed = False

    @contextmanager
    def borrow(self) -> Iterator[Place]:
        """A connection for a few statements; one that fails is not used again."""
        with self._free:
            try:
                session = self._take()
                try:
                    yield Place(session, self._area, self._keyring)
                finally:
                    self._give_back(session)
            except (Lost, Rerun) as error:
                raise Refusal(problems.unavailable()) from error

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

    def _give_back(self, session: Reading) -> None:
        if session.failure is None and not self._closed:
            self._idle.put(session)
        else:  # the server went away: the others it had opened are as dead
            session.close()
            self._drop_idle()

    def _drop_idle(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def close(self) -> None:
        """Close what is idle, and what is lent when it comes back."""
        self._closed = True
        self._drop_idle()
