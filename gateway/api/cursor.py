"""Paging links that carry their own state: the last id of the page, signed together with the search it belongs to."""

import base64
import hashlib
import hmac

from gateway.fhir.search import Search, link
from gateway.kernel.problem import Kind, Problem, Refusal

_SIGNATURE = 12


class Cursors:
    """Seals and opens cursors with one key of the process group."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, query: Search, after: str) -> str:
        """A cursor for the page behind the id `after` of this very search."""
        signed = self._sign(query, after) + after.encode()
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def open(self, query: Search) -> str:
        """The id to go on after. Refusal bad-cursor when the cursor is not of this search."""
        text = query.after
        try:
            signed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            after = signed[_SIGNATURE:].decode("ascii")
        except (ValueError, UnicodeDecodeError):
            raise Refusal(_bad_cursor()) from None
        if not hmac.compare_digest(signed[:_SIGNATURE], self._sign(query, after)):
            raise Refusal(_bad_cursor())
        return after

    def _sign(self, query: Search, after: str) -> bytes:
        said = f"{link(query, after='')}\n{after}".encode()
        return hmac.new(self._key, said, hashlib.sha256).digest()[:_SIGNATURE]


def _bad_cursor() -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-cursor",
        "_after",
        "follow the next link of the page before as it is; do not change its query",
        "请原样使用上一页的 next 链接,不要改动其参数",
    )
