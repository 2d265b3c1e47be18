"""The sender's signature in the x-tif headers: hex SHA-256 of timestamp + token + nonce + timestamp.

The token is the partner's shared secret and never travels. The signature does not cover the body (that is how the
interface is defined); a replay inside the window is caught by the message key, a changed body only by TLS.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from gateway.kernel.problem import Kind, Problem

WINDOW_SECONDS = 180
"""How far the sender's clock may be from ours. Assumption: the interface names no figure; three minutes is usual."""

APPLICATION = "x-tif-paasid"
TIMESTAMP = "x-tif-timestamp"
NONCE = "x-tif-nonce"
SIGNATURE = "x-tif-signature"

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def sign(*, timestamp: str, secret: str, nonce: str) -> str:
    """The signature in lower-case hex; timestamp in Unix seconds."""
    return hashlib.sha256(f"{timestamp}{secret}{nonce}{timestamp}".encode()).hexdigest()


def check_signature(headers: Mapping[str, str], *, secret: str, now: datetime) -> list[Problem]:
    """[] when the headers prove the secret within the window. Header names and the hex may be in any case."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    missing = [_missing(name) for name in (APPLICATION, TIMESTAMP, NONCE, SIGNATURE) if not sent.get(name)]
    if missing:
        return missing

    stale = _check_timestamp(sent[TIMESTAMP], now=now)
    expected = sign(timestamp=sent[TIMESTAMP], secret=secret, nonce=sent[NONCE])
    if not hmac.compare_digest(expected.encode(), sent[SIGNATURE].lower().encode("utf-8", "surrogatepass")):
        return [*stale, _wrong()]
    return stale


def _check_timestamp(timestamp: str, *, now: datetime) -> list[Problem]:
    near = _SECONDS.fullmatch(timestamp) and abs(int(now.timestamp()) - int(timestamp)) <= WINDOW_SECONDS
    if near:
        return []
    return [
        Problem(
            Kind.UNAUTHENTICATED,
            "signature-stale",
            TIMESTAMP,
            f"{TIMESTAMP} must be Unix seconds within {WINDOW_SECONDS} s of now: set the clock and sign again",
            f"{TIMESTAMP}应为当前Unix秒,偏差不超过{WINDOW_SECONDS}秒:请校时后重新签名",
        )
    ]


def _missing(name: str) -> Problem:
    return Problem(
        Kind.UNAUTHENTICATED,
        "signature-missing",
        name,
        f"header {name} is missing: sign the request with x-tif-paasid, -timestamp, -nonce and -signature",
        f"缺少请求头{name}:请按规范携带x-tif签名请求头",
    )


def _wrong() -> Problem:
    return Problem(
        Kind.UNAUTHENTICATED,
        "signature-wrong",
        SIGNATURE,
        f"{SIGNATURE} is not hex SHA-256 of timestamp + token + nonce + timestamp with your token",
        f"{SIGNATURE}不符:应为SHA-256(时间戳+令牌+随机数+时间戳)的十六进制",
    )
