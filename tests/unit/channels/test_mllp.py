"""MLLP: whole messages out of bytes in any pieces, answered in order, and nothing from what was cut off."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange.channels.mllp import Framer, MllpListener, frame, serve_mllp

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

MESSAGE = ("MSH|^~\\&|HIS|H1|||20150309||EHC^E01^EHC_E01|1|P|2.7\r" + "PSL|1||1|测试\r" * 320).encode()


def feed_all(chunks: Sequence[bytes], framer: Framer | None = None) -> list[bytes]:
    framer = framer or Framer()
    return [message for chunk in chunks for message in framer.feed(chunk)]


# --- the framer


def test_a_message_split_at_any_byte_is_one_message() -> None:
    block = frame(MESSAGE)
    assert len(block) > 5000
    for at in range(len(block) + 1):
        assert feed_all([block[:at], block[at:]]) == [MESSAGE]


def test_a_message_in_single_bytes_is_one_message() -> None:
    block = frame(MESSAGE)
    assert feed_all([block[at : at + 1] for at in range(len(block))]) == [MESSAGE]


def test_several_messages_in_one_piece_come_out_in_order() -> None:
    assert feed_all([frame(b"one") + frame(b"two") + frame(b"three")]) == [b"one", b"two", b"three"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=6), st.lists(st.integers(1, 40), max_size=40))
def test_however_the_stream_is_cut_the_messages_are_the_same(bodies: list[bytes], cuts: list[int]) -> None:
    clean = [body.translate(None, b"\x0b\x1c") for body in bodies]
    stream = b"".join(frame(body) for body in clean)
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(stream[at : at + cut])
        at += cut
    assert feed_all([*chunks, stream[at:]]) == clean


def test_a_block_without_its_carriage_return_is_taken() -> None:
    framer = Framer()
    assert feed_all([b"\x0bone\x1c\x0btwo\x1c", b"\r\x0bthree\x1c\r"], framer) == [b"one", b"two", b"three"]
    assert framer.skipped == 0


def test_garbage_between_blocks_is_skipped_and_counted() -> None:
    framer = Framer()
    assert feed_all([b"GET / HTTP/1.1\r\n" + frame(b"one") + b"xx", b"\r\n" + frame(b"two")], framer) == [
        b"one",
        b"two",
    ]
    assert framer.skipped == len(b"GET / HTTP/1.1\r\n") + 4


def test_a_block_that_begins_again_drops_its_first_try() -> None:
    framer = Framer()
    assert feed_all([b"\x0bhalf", b" of it\x0bwhole\x1c\r"], framer) == [b"whole"]
    assert framer.skipped == len(b"half of it") + 1


def test_a_frame_beyond_the_limit_is_not_kept() -> None:
    framer = Framer(max_bytes=10)
    assert feed_all([frame(b"0123456789")], framer) == [b"0123456789"]
    assert feed_all([frame(b"ok") + b"\x0b012345678", b"9A"], framer) == [b"ok"]
    assert framer.overflow == b"0123456789"
    assert feed_all([frame(b"later")], framer) == []


def test_an_incomplete_frame_gives_nothing() -> None:
    framer = Framer()
    assert feed_all([frame(MESSAGE)[:-2]], framer) == []
    assert framer.inside


# --- the listener


async def echo(message: bytes) -> Sequence[bytes]:
    return [b"re:" + message]


@asynccontextmanager
async def listening(accept: Callable[[bytes], Awaitable[Sequence[bytes]]] = echo, **options: Any) -> Any:
    listener = await serve_mllp(accept, host="127.0.0.1", port=0, **options)
    try:
        yield listener
    finally:
        await listener.close()


@asynccontextmanager
async def connected(listener: MllpListener) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def answer(reader: Reader) -> bytes:
    block = await reader.readuntil(b"\x1c\r")
    assert block[:1] == b"\x0b"
    return block[1:-2]


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 20))


def test_one_connection_carries_many_messages() -> None:
    async def main() -> None:
        async with listening() as listener, connected(listener) as (reader, writer):
            for number in range(50):
                writer.write(frame(b"%d" % number))
                assert await answer(reader) == b"re:%d" % number
            assert listener.counts.connections == 1
            assert listener.counts.messages == 50

    run(main())


def test_messages_sent_without_waiting_are_answered_in_order() -> None:
    async def main() -> None:
        async def slow_first(message: bytes) -> Sequence[bytes]:
            await asyncio.sleep(0.05 if message == b"0" else 0)
            return [message]

        async with listening(slow_first) as listener, connected(listener) as (reader, writer):
            writer.write(b"".join(frame(b"%d" % number) for number in range(20)))
            assert [await answer(reader) for _ in range(20)] == [b"%d" % number for number in range(20)]

    run(main())


@pytest.mark.parametrize("frames", [(), (b"CA",), (b"CA", b"AA")])
def test_the_callback_says_how_many_frames_go_back(frames: tuple[bytes, ...]) -> None:
    async def main() -> None:
        async def accept(message: bytes) -> Sequence[bytes]:
            return frames if message == b"ask" else [b"end"]

        async with listening(accept) as listener, connected(listener) as (reader, writer):
            writer.write(frame(b"ask") + frame(b"stop"))
            assert [await answer(reader) for _ in range(len(frames) + 1)] == [*frames, b"end"]

    run(main())


def test_a_dribbled_message_is_answered() -> None:
    async def main() -> None:
        async with listening() as listener, connected(listener) as (reader, writer):
            for byte in frame(b"a message in single bytes"):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)
            assert await answer(reader) == b"re:a message in single bytes"

    run(main())


def test_a_sender_that_has_closed_its_side_still_gets_its_answer() -> None:
    async def main() -> None:
        async with listening() as listener, connected(listener) as (reader, writer):
            writer.write(frame(b"last"))
            writer.write_eof()
            assert await answer(reader) == b"re:last"
            assert await reader.read() == b""

    run(main())


def test_a_connection_cut_in_the_middle_passes_nothing_on() -> None:
    async def main() -> None:
        heard: list[bytes] = []

        async def accept(message: bytes) -> Sequence[bytes]:
            heard.append(message)
            return [b"ok"]

        async with listening(accept) as listener:
            async with connected(listener) as (_, writer):
                writer.write(frame(MESSAGE)[:-3])
                await writer.drain()
            while not listener.counts.cut:
                await asyncio.sleep(0.005)
            assert heard == []

    run(main())


def test_a_silent_connection_is_closed() -> None:
    async def main() -> None:
        async with listening(idle_seconds=0.05) as listener, connected(listener) as (reader, _):
            assert await reader.read() == b""
            assert listener.counts.idle == 1

    run(main())


def test_a_frame_that_never_ends_is_closed_though_bytes_keep_coming() -> None:
    async def main() -> None:
        async with listening(idle_seconds=0.15) as listener, connected(listener) as (reader, writer):
            writer.write(b"\x0b")
            gone = asyncio.ensure_future(reader.read())
            while not gone.done():
                writer.write(b"x")
                await asyncio.sleep(0.01)
            assert listener.counts.idle == 1

    run(main())


def test_a_frame_beyond_the_limit_is_refused_and_the_connection_closed() -> None:
    async def main() -> None:
        async def refuse(head: bytes) -> Sequence[bytes]:
            return [b"too large: " + head[:4]]

        async with listening(max_bytes=1000, refuse=refuse) as listener, connected(listener) as (reader, writer):
            writer.write(frame(b"fits") + frame(b"MSH|" + b"x" * 200_000) + frame(b"never read"))
            writer.write_eof()
            assert await answer(reader) == b"re:fits"
            assert await answer(reader) == b"too large: MSH|"
            assert await reader.read() == b""
            assert (listener.counts.messages, listener.counts.too_large) == (1, 1)

    run(main())


def test_a_callback_that_fails_ends_the_connection_without_an_answer() -> None:
    async def main() -> None:
        async def broken(message: bytes) -> Sequence[bytes]:
            raise ValueError("a bug")

        async with listening(broken) as listener, connected(listener) as (reader, writer):
            writer.write(frame(b"x"))
            assert await reader.read() == b""

    run(main())


def test_a_sender_that_does_not_read_is_not_read_from() -> None:
    async def main() -> None:
        async def large(message: bytes) -> Sequence[bytes]:
            return [b"x" * 1_000_000]

        async with listening(large, idle_seconds=0.2) as listener, connected(listener) as (_, writer):
            writer.write(frame(b"ask") * 1000)
            await asyncio.sleep(0.15)
            assert listener.counts.messages < 50

    run(main())


def test_closing_finishes_the_answer_on_its_way() -> None:
    async def main() -> None:
        asked = asyncio.Event()

        async def slow(message: bytes) -> Sequence[bytes]:
            asked.set()
            await asyncio.sleep(0.05)
            return [b"done"]

        listener = await serve_mllp(slow, host="127.0.0.1", port=0)
        async with connected(listener) as (reader, writer), connected(listener) as (idle, _):
            writer.write(frame(b"x"))
            await asked.wait()
            await listener.close()
            assert await answer(reader) == b"done"
            assert await reader.read() == b""
            assert await idle.read() == b""

    run(main())


def test_many_connections_at_once() -> None:
    async def main() -> None:
        async with listening() as listener:

            async def one(number: int) -> None:
                async with connected(listener) as (reader, writer):
                    writer.write(frame(b"%d" % number))
                    assert await answer(reader) == b"re:%d" % number

            await asyncio.gather(*(one(number) for number in range(100)))
            assert listener.counts.messages == 100

    run(main())


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 'localhost' and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    return folder / "certificate.pem", folder / "key.pem"


def test_it_speaks_tls(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
    theirs = ssl.create_default_context(cafile=str(certificate))

    async def main() -> None:
        async with listening(tls=ours, max_bytes=100) as listener:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", listener.port, ssl=theirs, server_hostname="localhost"
            )
            writer.write(frame(b"secret") + frame(b"again"))
            assert [await answer(reader), await answer(reader)] == [b"re:secret", b"re:again"]
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    run(main())
