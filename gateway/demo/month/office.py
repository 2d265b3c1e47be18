"""Requests of officers and institutions over HTTP, as their programs send them: a token, JSON, an answer to look at."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from gateway.demo.outcome import outcome_codes
from gateway.demo.site import Site
from gateway.fhir.json import decode, encode

TIMEOUT_SECONDS = 60
CLOSED_WITHIN_S = 60
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `body`: its bytes."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def value(self) -> Any:
        """The JSON value."""
        return decode(self.body)

    @property
    def codes(self) -> str:
        """Why it was refused, the codes in their order; '' where it was not."""
        return "" if self.ok else ",".join(outcome_codes(self.value))

    @property
    def told(self) -> str:
        """'done', or 'refused: ' and the codes."""
        return "done" if self.ok else f"refused: {self.codes}"


class Office:
    """One partner's connection. Close it."""

    def __init__(self, site: Site, partner: str) -> None:
        self.partner = partner
        self._http = httpx.Client(
            base_url=site.addresses.base_url,
            headers=site.access.bearer(partner),
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            event_hooks={"response": [lambda _response: site.sent.append("office")]},
        )

    def post(self, path: str, value: Any = None, *, body: bytes | None = None, **query: str) -> Said:
        """POST a JSON value, or other bytes."""
        content = encode(value if value is not None else {}) if body is None else body
        return _said(self._http.post(path, content=content, params=query))

    def get(self, path: str, **query: str) -> Said:
        return _said(self._http.get(path, params=query))

    def close(self) -> None:
        self._http.close()


def _said(response: httpx.Response) -> Said:
    return Said(response.status_code, response.content)


def close_period(office: Office, scheme: str, period: str) -> str:
    """Ask for a closing and wait until it is through: 'closed', the state it stays in, or why it was refused."""
    begun = office.post("/ledger/closings", {"scheme": scheme, "period": period})
    if not begun.ok:
        return begun.told
    until = time.monotonic() + CLOSED_WITHIN_S
    while True:
        state = str(office.get(f"/ledger/closings/{scheme}/{period}").value["state"])
        if state == "closed" or time.monotonic() > until:
            return state
        time.sleep(_POLL_S)
