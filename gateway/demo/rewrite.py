"""Changes a JSON message after it was written, numbers kept exact: how messages of a careless sender are made."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def rewritten(body: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The message after `change` did something to it."""
    said = _DECODER.decode(body)
    change(said)
    return _ENCODER.encode(said)
