"""Asks a FHIR package registry (npm protocol, as packages.fhir.org speaks it) for versions and packages.

Used only when a caller names registries. Answers are untrusted: limited in size, checked against the checksum that the
listing gives, and read by the same reader as any file.
"""

import hashlib
from typing import Final

import httpx
import msgspec

from gateway.definitions import problems as wrong
from gateway.definitions.sources import is_name
from gateway.definitions.versions import best
from gateway.kernel.problem import Refusal

MOST_BYTES: Final = 128 * 1024 * 1024
TIMEOUT_SECONDS: Final = 30
_MOST_LISTING: Final = 16 * 1024 * 1024


class _Dist(msgspec.Struct):
    shasum: str = ""


class _Release(msgspec.Struct):
    dist: _Dist = msgspec.field(default_factory=_Dist)


class _Listing(msgspec.Struct):
    versions: dict[str, _Release] = {}


def fetch_package(registry: str, name: str, version: str) -> tuple[str, bytes] | None:
    """The version that fits and the bytes of its .tgz; None when the registry does not have it.

    Refusal: registry-unavailable when it cannot be reached, answers something else, or the checksum differs.
    """
    if not is_name(name, version):
        return None
    base = registry.rstrip("/")
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True, max_redirects=5) as client:
            listed = _get(client, f"{base}/{name}", _MOST_LISTING)
            if listed is None:
                return None
            releases = msgspec.json.decode(listed, type=_Listing).versions
            chosen = version if version in releases else best(releases, version)
            if chosen is None or not is_name(name, chosen):
                return None
            content = _get(client, f"{base}/{name}/{chosen}", MOST_BYTES)
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(wrong.registry_unavailable(base, str(error) or type(error).__name__)) from None
    if content is None:
        return None
    expected = releases[chosen].dist.shasum.lower()
    if expected and hashlib.sha1(content, usedforsecurity=False).hexdigest() != expected:
        raise Refusal(wrong.registry_unavailable(base, f"the checksum of {name}#{chosen} differs"))
    return chosen, content


def _get(client: httpx.Client, url: str, most: int) -> bytes | None:
    """The body of an answer, None for 404. httpx.HTTPError: any other trouble, or more bytes than the limit."""
    with client.stream("GET", url) as answer:
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > most:
                raise httpx.DecodingError(f"more than {most} bytes")
            parts.append(part)
    return b"".join(parts)
