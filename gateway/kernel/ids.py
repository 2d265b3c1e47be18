"""Identifiers: 30 characters that fit NHSA's C30 and FHIR's id, sort by time and name their area."""

import re
from hashlib import sha1, sha256
from typing import NewType

AreaCode = NewType("AreaCode", str)
PersonId = NewType("PersonId", str)
ClaimId = NewType("ClaimId", str)
InstitutionCode = NewType("InstitutionCode", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SHAPE = re.compile(r"[0-9]{6}[0-9a-hjkmnp-tv-z]{24}", re.ASCII)
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)

ENTROPY_BITS = 72
_URL_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")


def make_id(area: AreaCode, *, millis: int, entropy: int) -> str:
    """Area (6 digits), 48 bits of Unix milliseconds and 72 bits of entropy, in lower-case Crockford base 32."""
    assert 0 <= entropy < 1 << ENTROPY_BITS, "entropy has at most 72 bits, or it would change the time"
    number = (millis << ENTROPY_BITS) | entropy
    letters = [""] * 24
    for place in range(23, -1, -1):
        letters[place] = _ALPHABET[number & 31]
        number >>= 5
    assert number == 0, "millis has at most 48 bits"
    return area + "".join(letters)


def derived_id(area: AreaCode, *parts: str) -> str:
    """The id that belongs to some words: the same for the same ones, so that work done twice makes the same things.

    110 bits of SHA-256 over the parts with their lengths. Read as a time it lies before 1979: no id made by the clock.
    """
    digest = sha256(b"".join(len(text).to_bytes(4, "big") + text for text in (part.encode() for part in parts)))
    number = int.from_bytes(digest.digest(), "big")
    return area + "00" + "".join(_ALPHABET[number >> 5 * place & 31] for place in range(22))


def named_uuid(name: str) -> str:
    """The UUID of a name (RFC 9562, version 5, in the namespace of URLs): the same name, the same UUID."""
    digest = bytearray(sha1(_URL_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def is_made_id(text: str) -> bool:
    """Whether a text has the shape of an id this gateway makes."""
    return _SHAPE.fullmatch(text) is not None


def area_of(made_id: str) -> AreaCode:
    """The home area that an id names."""
    return AreaCode(made_id[:6])
