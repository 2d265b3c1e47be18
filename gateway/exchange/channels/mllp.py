"""MLLP, the framing of HL7 v2 over TCP: 0x0B, the message, 0x1C 0x0D. Our own listener on asyncio.

A connection stays open for many messages, answered in their order and one at a time: a sender that does not read its
answers is not read from either. Framing works on bytes, since neither UTF-8 nor GB 18030 text contains 0x0B or 0x1C.
What is cut off in the middle is passed to nobody, so its sender repeats it. Bytes between frames are skipped and
counted. The channel knows nothing of HL7: `accept` takes a message's bytes and gives the frames to send back.
"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

START_BLOCK = 0x0B
END_BLOCK = 0x1C
CARRIAGE_RETURN = 0x0D
LARGEST_BYTES = 4 * 1024 * 1024
IDLE_SECONDS = 60
CHUNK_BYTES = 64 * 1024
LINGER_SECONDS = 2

Accept: TypeAlias = Callable[[bytes], Awaitable[Sequence[bytes]]]
"""A message → the frames to send back, in order: none, an answer, or a commit acknowledgement and an answer."""

_log = logging.getLogger(__name__)


def frame(message: bytes) -> bytes:
    """A message as one MLLP block."""
    return b"\x0b" + message + b"\x1c\x0d"


class Framer:
    """Bytes in any pieces → whole messages. It owns the bytes of the frame that is not complete yet.

    A block without its final 0x0D is taken as ended. A 0x0B inside a frame means the sender began again: what came
    before is dropped and counted as skipped.
    """

    def __init__(self, max_bytes: int = LARGEST_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held: bytearray | None = None
        self._ended = False
        self.skipped = 0
        self.overflow: bytes | None = None
        """The beginning of a frame that grew beyond the limit: nothing can be read behind it."""

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._held is not None

    def feed(self, chunk: bytes) -> list[bytes]:
        """The messages that are complete with this chunk, in order. Look at `overflow` afterwards."""
        messages: list[bytes] = []
        at = 0
        while at < len(chunk) and self.overflow is None:
            if self._held is None:
                at = self._seek_start(chunk, at)
                continue
            end = chunk.find(END_BLOCK, at)
            stop = len(chunk) if end < 0 else end
            restart = chunk.rfind(START_BLOCK, at, stop)
            if restart >= 0:
                self.skipped += len(self._held) + restart - at + 1
                self._held.clear()
                at = restart + 1
            if len(self._held) + stop - at > self._max_bytes:
                self.overflow = bytes(self._held + chunk[at:stop])[: self._max_bytes]
                self._held = None
                break
            self._held += chunk[at:stop]
            at = stop
            if end >= 0:
                messages.append(bytes(self._held))
                self._held, self._ended = None, True
                at += 1
        return messages

    def _seek_start(self, chunk: bytes, at: int) -> int:
        """Skip to just behind the next 0x0B; the 0x0D that ends a block is not counted as skipped."""
        if self._ended and chunk[at] == CARRIAGE_RETURN:
            self._ended = False
            return at + 1
        self._ended = False
        start = chunk.find(START_BLOCK, at)
        stop = len(chunk) if start < 0 else start
        self.skipped += stop - at
        if start < 0:
            return stop
        self._held = bytearray()
        return start + 1


@dataclass(slots=True)
class Counts:
    """What a listener has seen since it started."""

    connections: int = 0
    messages: int = 0
    skipped_bytes: int = 0
    cut: int = 0
    too_large: int = 0
    idle: int = 0


@dataclass(slots=True)
class MllpListener:
    """A running listener. Close it with `close`: messages being answered are finished, then connections end."""

    server: asyncio.Server
    counts: Counts
    closing: bool = False
    _conversations: set["asyncio.Task[None]"] = field(default_factory=set)
    _busy: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def port(self) -> int:
        """The port in use, also where 0 was asked for."""
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self, *, grace_seconds: int = 10) -> None:
        """Stop listening, let answers on their way be sent (at most `grace_seconds`), end every connection."""
        self.closing = True
        self.server.close()
        busy = set(self._busy)
        for task in self._conversations - busy:
            task.cancel()
        if busy:
            await asyncio.wait(busy, timeout=grace_seconds)
        for task in self._conversations:
            task.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)
        await self.server.wait_closed()


async def serve_mllp(
    accept: Accept,
    *,
    host: str,
    port: int,
    max_bytes: int = LARGEST_BYTES,
    idle_seconds: float = IDLE_SECONDS,
    tls: ssl.SSLContext | None = None,
    refuse: Accept | None = None,
) -> MllpListener:
    """Listen until closed. `refuse` answers a frame beyond `max_bytes`, given its beginning; then we hang up.

    A connection is closed when nothing comes for `idle_seconds`, or a frame that has begun takes longer than that.
    """
    counts = Counts()
    listener: MllpListener

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "streams run in tasks"
        listener._conversations.add(task)
        counts.connections += 1
        talk = _Conversation(reader, writer, Framer(max_bytes), idle_seconds)
        try:
            await _converse(talk, accept, refuse, counts, _Busy(listener, task))
        except asyncio.CancelledError:
            pass  # the listener closes; the connection ends with it
        finally:
            counts.skipped_bytes += talk.framer.skipped
            listener._conversations.discard(task)
            await _hang_up(writer)

    server = await asyncio.start_server(connected, host, port, ssl=tls, limit=CHUNK_BYTES, backlog=1024)
    listener = MllpListener(server, counts)
    return listener


@dataclass(frozen=True, slots=True)
class _Conversation:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    framer: Framer
    idle_seconds: float


class _Busy:
    """Marks a conversation as answering, so that closing waits for it."""

    def __init__(self, listener: MllpListener, task: "asyncio.Task[None]") -> None:
        self._listener = listener
        self._task = task

    @property
    def last(self) -> bool:
        """Whether nothing more is to be read, because the listener closes."""
        return self._listener.closing

    def __enter__(self) -> None:
        self._listener._busy.add(self._task)

    def __exit__(self, *_: object) -> None:
        self._listener._busy.discard(self._task)


async def _converse(talk: _Conversation, accept: Accept, refuse: Accept | None, counts: Counts, busy: _Busy) -> None:
    """Read, answer, read again, until the sender goes, falls silent or sends too much."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + talk.idle_seconds
    while True:
        began = talk.framer.inside
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await talk.reader.read(CHUNK_BYTES)
        except TimeoutError:
            counts.idle += 1
            return
        except (ConnectionError, ssl.SSLError):
            chunk = b""
        if not chunk:
            counts.cut += talk.framer.inside
            return
        messages = talk.framer.feed(chunk)
        for message in messages:
            counts.messages += 1
            with busy:
                if not await _answer(talk, accept, message) or busy.last:
                    return
        if talk.framer.overflow is not None:
            counts.too_large += 1
            if refuse is not None:
                with busy:
                    await _answer(talk, refuse, talk.framer.overflow)
                    await _linger(talk)
            return
        if messages or (talk.framer.inside and not began):
            deadline = loop.time() + talk.idle_seconds


async def _answer(talk: _Conversation, accept: Accept, message: bytes) -> bool:
    """Whether the answer was sent; False ends the connection, and the sender will repeat its message."""
    try:
        frames = await accept(message)
    except Exception:
        _log.exception("an MLLP message of %d bytes was not answered", len(message))
        return False
    try:
        talk.writer.writelines([frame(one) for one in frames])
        async with asyncio.timeout(talk.idle_seconds):
            await talk.writer.drain()
    except TimeoutError:
        talk.writer.transport.abort()  # it does not read: keep nothing for it
        return False
    except (ConnectionError, ssl.SSLError):
        return False
    return True


async def _linger(talk: _Conversation) -> None:
    """Read on for a moment, to no purpose but this: hanging up on unread bytes would reset the answer away."""
    with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError, OSError):
        if talk.writer.can_write_eof():
            talk.writer.write_eof()
        async with asyncio.timeout(min(LINGER_SECONDS, talk.idle_seconds)):
            while await talk.reader.read(CHUNK_BYTES):
                pass


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except (ConnectionError, ssl.SSLError):
        pass  # the other side was faster
