"""The x-tif signature: who knows the secret is believed, within three minutes; the digest is that of its definition."""

import hashlib
from datetime import timedelta

import pytest

from adapters.nhsa.adapter import ADAPTER
from adapters.nhsa.proof import APPLICATION, NONCE, SIGNATURE, TIMESTAMP, WINDOW_SECONDS, sign
from gateway.contract import Incoming
from gateway.kernel.problem import Kind
from tests.unit.adapters.nhsa_cases import AT, SECRET, request

HEADERS = dict(request("2207").headers)


def codes(headers: dict[str, str], *, secret: str = SECRET, late_seconds: int = 0) -> list[str]:
    now = AT + timedelta(seconds=late_seconds)
    found = ADAPTER.check_proof(Incoming(b"{}", headers=headers), secret=secret, now=now)
    assert all(problem.kind is Kind.UNAUTHENTICATED for problem in found)
    return [problem.code for problem in found]


def test_the_signature_is_sha256_of_timestamp_token_nonce_timestamp() -> None:
    timestamp, nonce = HEADERS[TIMESTAMP], HEADERS[NONCE]
    expected = hashlib.sha256((timestamp + SECRET + nonce + timestamp).encode()).hexdigest()
    assert sign(timestamp=timestamp, secret=SECRET, nonce=nonce) == HEADERS[SIGNATURE] == expected


def test_a_signed_request_is_believed() -> None:
    assert codes(HEADERS) == []


def test_header_names_and_hex_may_be_in_any_case() -> None:
    assert codes({name.upper(): value.upper() if name == SIGNATURE else value for name, value in HEADERS.items()}) == []


@pytest.mark.parametrize("late_seconds", [-WINDOW_SECONDS, WINDOW_SECONDS])
def test_three_minutes_either_way_are_tolerated(late_seconds: int) -> None:
    assert codes(HEADERS, late_seconds=late_seconds) == []


@pytest.mark.parametrize("late_seconds", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, 86_400])
def test_more_is_stale(late_seconds: int) -> None:
    assert codes(HEADERS, late_seconds=late_seconds) == ["signature-stale"]


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "１４２５８６１０００", "9" * 30])
def test_timestamps_that_are_none(timestamp: str) -> None:
    assert codes(HEADERS | {TIMESTAMP: timestamp})[0] == ("signature-stale" if timestamp else "signature-missing")


def test_another_secret_is_wrong() -> None:
    assert codes(HEADERS, secret="another") == ["signature-wrong"]


@pytest.mark.parametrize("signature", ["0" * 64, "x", "签名", HEADERS[SIGNATURE][:-1]])
def test_another_digest_is_wrong(signature: str) -> None:
    assert codes(HEADERS | {SIGNATURE: signature}) == ["signature-wrong"]


def test_a_changed_nonce_is_wrong() -> None:
    assert codes(HEADERS | {NONCE: "another"}) == ["signature-wrong"]


def test_every_missing_header_is_named() -> None:
    found = ADAPTER.check_proof(Incoming(b"{}"), secret=SECRET, now=AT)
    assert [problem.path for problem in found] == [APPLICATION, TIMESTAMP, NONCE, SIGNATURE]
