"""JSON in and out with exact decimals, and the stored form of a resource.

The stored form starts `{"resourceType":"X","meta":{`, without id, meta.versionId and meta.lastUpdated, so that a read
puts these in by joining bytes (`splice`), never by parsing.
"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Kind, Problem, Refusal

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 64

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")
_CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\u00(?:0[0-8bcef]|1[0-9a-f])", re.IGNORECASE)
_META: Final = b'"meta":{'


def encode(value: Any) -> bytes:
    """Compact JSON; decimals keep the digits they have."""
    return _encoder.encode(value)


def decode(body: bytes) -> Any:
    """The value of a JSON text, numbers with a point or exponent as Decimal; of a repeated name the last one counts.

    Refusal: body-too-large (over 4 MiB), not-json, json-too-deep (over 64 levels), control-character.
    """
    if len(body) > MAX_BYTES:
        raise Refusal(_too_large(len(body)))
    try:
        value = _decoder.decode(body)
    except RecursionError:
        raise Refusal(_too_deep()) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidOperation) as error:
        raise Refusal(_not_json(error)) from None
    if not _is_shallow(value):
        raise Refusal(_too_deep())
    if b"\\u00" in body and _CONTROL.search(body):
        raise Refusal(_control_character())
    return value


def decode_resource(body: bytes) -> dict[str, Any]:
    """The same, where the text must be one object with a resourceType. Refusal: also not-a-resource."""
    value = decode(body)
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        raise Refusal(_not_a_resource())
    return value


def canonical(resource: dict[str, Any]) -> bytes:
    """The stored form of a resource: no id, versionId, lastUpdated; resourceType and meta first, the rest in order."""
    meta = resource.get("meta") or {}
    kept = {name: value for name, value in meta.items() if name not in ("versionId", "lastUpdated")}
    ordered = {"resourceType": resource["resourceType"], "meta": kept}
    ordered.update((name, value) for name, value in resource.items() if name not in ("resourceType", "meta", "id"))
    return _encoder.encode(ordered)


def splice(body: bytes, *, id: str, version: int, updated_at: datetime) -> bytes:
    """The resource as it is served: id, versionId and lastUpdated joined into a stored form without parsing it."""
    at = body.index(_META)
    after = at + len(_META)
    comma = "" if body[after] == 0x7D else ","
    head = f'"id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{instant_text(updated_at)}"{comma}'
    return b"".join((body[:at], head.encode(), body[after:]))


def read_stored(body: bytes, *, id: str) -> dict[str, Any]:
    """A stored form as a resource with its id; the store's own bytes are not checked again."""
    resource: dict[str, Any] = _decoder.decode(body)
    resource["id"] = id
    if not resource["meta"]:
        del resource["meta"]
    return resource


def _is_shallow(value: Any) -> bool:
    """Whether at most 64 objects and arrays lie inside each other, looked at level by level."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return True
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) is dict or type(child) is list
        ]
    return not level


def _too_large(size: int) -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "body-too-large",
        "",
        f"{size} bytes are more than {MAX_BYTES}: split the content over several requests",
        f"内容 {size} 字节,超过上限 {MAX_BYTES}:请拆分后发送",
    )


def _too_deep() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "json-too-deep",
        "",
        f"objects and arrays lie more than {MAX_DEPTH} deep inside each other: no FHIR resource needs that",
        f"JSON 嵌套超过 {MAX_DEPTH} 层:请检查内容",
    )


def _not_json(error: Exception) -> Problem:
    reason = str(error)[:120] if isinstance(error, msgspec.MsgspecError) else "a text or number cannot be read"
    return Problem(
        Kind.MALFORMED,
        "not-json",
        "",
        f"the body is not JSON in UTF-8 ({reason}): send a complete JSON text",
        f"内容不是有效的 UTF-8 JSON({reason}):请发送完整的 JSON",
    )


def _control_character() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "control-character",
        "",
        "texts may not hold control characters other than tab and line ends: remove them",
        "文本中不得含有除制表符和换行以外的控制字符:请删除",
    )


def _not_a_resource() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "not-a-resource",
        "",
        'a FHIR resource is a JSON object with "resourceType": send one',
        "FHIR 资源应为含 resourceType 的 JSON 对象:请更正",
    )
