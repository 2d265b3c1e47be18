"""The key file: data keys by number, the current one, and the key of the search index. Read-only to its owner."""

import os
import secrets
import tomllib
from pathlib import Path

from gateway.store.sealing import Keyring

KEY_BYTES = 32


class KeysError(Exception):
    """The key file cannot be used."""


def create_keys(file: Path) -> None:
    """Make a key file with one data key. Never overwrites."""
    text = (
        f'current = 1\nindex_key = "{secrets.token_hex(KEY_BYTES)}"\n\n[keys]\n1 = "{secrets.token_hex(KEY_BYTES)}"\n'
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(text)


def load_keys(file: Path, *, sealed: bool = True) -> Keyring:
    """The keyring of a file; with `sealed` False blobs are stored in the clear (the deployment's own choice)."""
    try:
        table = tomllib.loads(file.read_text(encoding="ascii"))
        keys = {int(number): bytes.fromhex(key) for number, key in table["keys"].items()}
        index_key, current = bytes.fromhex(table["index_key"]), int(table["current"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError) as error:
        raise KeysError(f"{file}: not a key file ({type(error).__name__}: {error})") from error
    if current not in keys or any(len(key) != KEY_BYTES for key in (*keys.values(), index_key)):
        raise KeysError(f"{file}: every key has {KEY_BYTES} bytes in hex, and the current one is among them")
    return Keyring(keys, current, index_key) if sealed else Keyring.unsealed(index_key)


def derived_key(keyring: Keyring, purpose: str) -> bytes:
    """32 bytes for another purpose, from the index key by its keyed hash."""
    parts = (keyring.index_hash("derived", purpose, str(part)) for part in range(4))
    return b"".join(part.to_bytes(8, "big", signed=True) for part in parts)
