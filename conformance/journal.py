"""What went over the wire during one check: every request with its answer, made safe to share before it is kept."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MASK = "***"
LONGEST_SHOWN = 8_000
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "x-tif-signature"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as text, secrets masked. `status` 0: no HTTP status (HL7 v2, or no answer).

    `resource`: the answer decoded, for the checks that look at everything that was answered; not part of a report.
    """

    label: str
    request_line: str
    request_headers: Mapping[str, str]
    request_body: str
    status: int
    response_headers: Mapping[str, str]
    response_body: str
    millis: int
    resource: Any = None


@dataclass(slots=True)
class Journal:
    """Owns what was recorded: `take` gives the exchanges since the last one was taken, `all_resources` every answer."""

    secrets: tuple[str, ...] = ()
    label: str = ""
    _since: list[Exchange] = field(default_factory=list)
    _resources: list[tuple[str, Any]] = field(default_factory=list)

    def add(
        self,
        line: str,
        *,
        sent: tuple[Mapping[str, str], bytes],
        status: int,
        came: tuple[Mapping[str, str], bytes],
        millis: int,
        resource: Any = None,
    ) -> None:
        """Keep an exchange; `sent` and `came` are headers and body."""
        self._since.append(
            Exchange(
                self.label,
                self._masked(line),
                self._headers(sent[0]),
                self._text(sent[1]),
                status,
                self._headers(came[0]),
                self._text(came[1]),
                millis,
            )
        )
        if isinstance(resource, dict) and "resourceType" in resource:
            self._resources.append((self._masked(line), resource))

    def take(self) -> tuple[Exchange, ...]:
        """The exchanges since the last call."""
        taken, self._since = tuple(self._since), []
        return taken

    def resources(self) -> Iterable[tuple[str, dict[str, Any]]]:
        """Every FHIR resource that was answered in this run, with the request that brought it."""
        return tuple(self._resources)

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {
            name.lower(): MASK if name.lower() in _SECRET_HEADERS else self._masked(value)
            for name, value in headers.items()
        }

    def _text(self, body: bytes) -> str:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = "base64: " + base64.b64encode(body[:LONGEST_SHOWN]).decode()
        text = self._masked(text)
        more = len(text) - LONGEST_SHOWN
        return text if more <= 0 else f"{text[:LONGEST_SHOWN]}\n… {more} more characters"

    def _masked(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text
