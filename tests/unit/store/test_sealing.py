"""Encryption at rest: a text opens only with its key and in its place; hashes need the index key."""

import pytest

from gateway.kernel.problem import Refusal
from gateway.store.sealing import Keyring

INDEX_KEY = b"0123456789abcdef"
OLD, NEW = bytes(32), bytes(range(32))
TEXTS = [b"", b"x", "张测试".encode(), b"long " * 1_000, bytes(range(256)) * 20]


def refused(keyring: Keyring, sealed: bytes, context: str = "here") -> str:
    with pytest.raises(Refusal) as caught:
        keyring.open(sealed, context)
    assert caught.value.problems[0].code == "seal-unopened"
    return caught.value.problems[0].en


@pytest.mark.parametrize("keyring", [Keyring({1: NEW}, 1, INDEX_KEY), Keyring.unsealed(INDEX_KEY)])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_sealed_opens(keyring: Keyring, text: bytes) -> None:
    assert keyring.open(keyring.seal(text, "here"), "here") == text


def test_a_sealed_text_shows_nothing_and_is_never_the_same() -> None:
    keyring = Keyring({1: NEW}, 1, INDEX_KEY)
    first, second = keyring.seal(b"canary", "here"), keyring.seal(b"canary", "here")
    assert first != second
    assert b"canary" not in first


def test_keys_rotate() -> None:
    before = Keyring({1: OLD}, 1, INDEX_KEY).seal(b"old", "here")
    both = Keyring({1: OLD, 2: NEW}, 2, INDEX_KEY)
    assert both.open(before, "here") == b"old"
    after = both.seal(b"new", "here")
    assert "key 1 is missing" in refused(Keyring({2: NEW}, 2, INDEX_KEY), before)
    assert Keyring({2: NEW}, 2, INDEX_KEY).open(after, "here") == b"new"


def test_another_key_place_or_text_fails_closed() -> None:
    keyring = Keyring({1: NEW}, 1, INDEX_KEY)
    sealed = keyring.seal(b"text", "here")
    assert "does not fit" in refused(Keyring({1: OLD}, 1, INDEX_KEY), sealed)
    assert "does not fit" in refused(keyring, sealed, "there")
    for place in range(len(sealed)):
        refused(keyring, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
    for length in range(len(sealed)):
        refused(keyring, sealed[:length])


def test_encryption_cannot_be_switched_unnoticed() -> None:
    on, off = Keyring({1: NEW}, 1, INDEX_KEY), Keyring.unsealed(INDEX_KEY)
    assert "switched" in refused(on, off.seal(b"forged", "here"))
    assert "switched" in refused(off, on.seal(b"text", "here"))
    assert "damaged" in refused(off, b"\x01\x00\x00not compressed")


def test_index_hashes_are_keyed_and_keep_parts_apart() -> None:
    keyring = Keyring.unsealed(INDEX_KEY)
    assert keyring.index_hash("a", "bc") == keyring.index_hash("a", "bc")
    assert keyring.index_hash("a", "bc") != keyring.index_hash("ab", "c")
    assert keyring.index_hash("a", "") != keyring.index_hash("a")
    assert keyring.index_hash("a") != Keyring.unsealed(b"another index key").index_hash("a")
    assert all(-(2**63) <= keyring.index_hash(str(number)) < 2**63 for number in range(1_000))
    assert any(keyring.index_hash(str(number)) < 0 for number in range(100))
