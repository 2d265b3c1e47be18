"""Encryption at rest and keyed index hashes: AES-256-GCM with key ids, keyed BLAKE2b.

A sealed text names the key it was made with, so keys rotate without rewriting; its context (table, area, type, id,
version) is authenticated, so one row's text cannot be moved to another. Random 96-bit nonces: give a key a successor
before it has sealed 2**32 texts (NIST SP 800-38D, 8.3).
"""

import os
import zlib
from collections.abc import Mapping
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.kernel.problem import Kind, Problem, Refusal

KEY_BYTES = 32
_NONCE_BYTES = 12
_HEADER_BYTES = 3
_SEALED, _PACKED = 0x10, 0x01
_WORTH_PACKING = 512
_PLAIN_KEY = 0


def _unopened(why_en: str, why_zh: str) -> Refusal:
    return Refusal(
        Problem(
            Kind.FAULT,
            "seal-unopened",
            "",
            f"stored data cannot be opened ({why_en}): start the gateway with the keys that sealed it",
            f"存储的数据无法解密({why_zh}):请使用当初加密的密钥启动网关",
        )
    )


class Keyring:
    """The keys a store seals and opens with. `keys`: 32 bytes each by id 1..65535; `current` seals new texts.

    `index_key`: 16 to 64 bytes; it never changes during the life of a database, since lookups go by its hashes.
    """

    def __init__(self, keys: Mapping[int, bytes], current: int, index_key: bytes) -> None:
        assert all(0 < number < 65536 and len(key) == KEY_BYTES for number, key in keys.items()), "keys are 32 bytes"
        assert current in keys or (not keys and current == _PLAIN_KEY), "the current key is one of the keys"
        assert 16 <= len(index_key) <= 64, "the index key has 16 to 64 bytes"
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = current
        self._keyed = blake2b(key=index_key, digest_size=8)

    @classmethod
    def unsealed(cls, index_key: bytes) -> "Keyring":
        """Encryption switched off: texts are stored as they are, index hashes stay keyed."""
        return cls({}, _PLAIN_KEY, index_key)

    @property
    def current(self) -> int:
        """Id of the key that seals new texts; 0 when encryption is off."""
        return self._current

    def seal(self, plain: bytes, context: str) -> bytes:
        """The text as stored: 3 bytes of header, nonce, cipher text and tag."""
        flags, text = _pack(plain)
        if not self._ciphers:
            return bytes((flags, 0, 0)) + text
        header = bytes((flags | _SEALED, *self._current.to_bytes(2, "big")))
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._current].encrypt(nonce, text, header + context.encode())
        return header + nonce + cipher

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain text. Refusal `seal-unopened` for another key, another context, a changed or an unsealed text."""
        if len(sealed) < _HEADER_BYTES:
            raise _unopened("cut short", "数据不完整")
        flags, number = sealed[0], int.from_bytes(sealed[1:_HEADER_BYTES], "big")
        if bool(flags & _SEALED) != bool(self._ciphers):
            raise _unopened("encryption was switched on or off since", "加密开关已改变")
        text = self._decrypt(sealed, number, context) if self._ciphers else sealed[_HEADER_BYTES:]
        return _unpack(text) if flags & _PACKED else text

    def _decrypt(self, sealed: bytes, number: int, context: str) -> bytes:
        cipher = self._ciphers.get(number)
        if cipher is None:
            raise _unopened(f"key {number} is missing", f"缺少密钥 {number}")
        header, nonce = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES + _NONCE_BYTES :], header + context.encode())
        except (InvalidTag, ValueError):
            raise _unopened(f"key {number} does not fit", f"密钥 {number} 不符") from None

    def index_hash(self, *parts: str) -> int:
        """Keyed 64-bit hash (signed) of length-prefixed parts: ("a", "bc") and ("ab", "c") differ."""
        digest = self._keyed.copy()
        for part in parts:
            text = part.encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(4, "big") + text)
        return int.from_bytes(digest.digest(), "big", signed=True)


def _pack(plain: bytes) -> tuple[int, bytes]:
    """A longer text is compressed: fewer bytes to encrypt, write and sync."""
    if len(plain) < _WORTH_PACKING:
        return 0, plain
    packed = zlib.compress(plain, 1)
    return (_PACKED, packed) if len(packed) < len(plain) else (0, plain)


def _unpack(text: bytes) -> bytes:
    try:
        return zlib.decompress(text)
    except zlib.error:
        raise _unopened("damaged", "数据已损坏") from None
