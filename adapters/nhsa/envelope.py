"""The envelope: read with every problem found, and written for success and refusal."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from adapters.nhsa import numbers, problems
from adapters.nhsa.fields import read_fields, read_node
from adapters.nhsa.tables_person import HEAD
from adapters.nhsa.transactions import TRANSACTIONS, Transaction, find_transaction
from gateway.contract import Context, Incoming, Tree
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.codes import check_area_code, check_institution_code
from gateway.kernel.problem import Problem, Refusal

SUCCESS, FAILURE = 0, -1
ERROR_CHARACTERS = 200
WARNING_CHARACTERS = 4000
MSGID_CHARACTERS = 30

_EXACT = msgspec.json.Decoder(float_hook=numbers.exact)
_CANONICAL = msgspec.json.Decoder(float_hook=numbers.canonical)
_SORTED = msgspec.json.Encoder(order="sorted", decimal_format="number")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_json(incoming: Incoming, *, canonical: bool = False) -> dict[str, Any]:
    """The body as an object with exact numbers. Refusal bad-encoding or bad-json."""
    body = incoming.body.removeprefix(_BYTE_ORDER_MARK)
    try:
        envelope = (_CANONICAL if canonical else _EXACT).decode(body)
    except UnicodeDecodeError:
        raise Refusal(problems.bad_encoding()) from None
    except msgspec.DecodeError as error:
        raise Refusal(problems.bad_json(str(error)) if _is_utf8(body) else problems.bad_encoding()) from None
    except RecursionError:
        raise Refusal(problems.bad_json("nested too deep")) from None
    if not isinstance(envelope, dict):
        raise Refusal(problems.bad_json("not an object"))
    return envelope


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_business(envelope: Mapping[str, Any]) -> bytes:
    """What makes a repeat a repeat: infno and input, whatever the order of keys and the writing of numbers.

    Operator, times, sign-in number and device are left out: a repeat after a fresh sign-in is still the same business.
    """
    try:
        return _SORTED.encode([read_infno(envelope), envelope.get("input")])
    except (RecursionError, UnicodeEncodeError):
        raise Refusal(problems.bad_json("nested too deep")) from None


def read_infno(envelope: Mapping[str, Any]) -> str:
    infno = envelope.get("infno")
    return str(infno).strip().upper() if isinstance(infno, str | int) and not isinstance(infno, bool) else ""


def check_msgid(*, msgid: str, institution: str) -> list[Problem]:
    """30 characters that start with the institution's code: two institutions can never send the same one."""
    shaped = len(msgid) == MSGID_CHARACTERS and msgid.isascii() and msgid.isalnum() and msgid.startswith(institution)
    return [] if shaped else [problems.bad_msgid("msgid", institution=institution)]


def read_envelope(envelope: Mapping[str, Any]) -> tuple[Transaction, Tree]:
    """The transaction, and the whole message in its types: head fields at the root, nodes under `input`.

    Refusal with every problem of head and input.
    """
    found: list[Problem] = []
    tree = read_fields(HEAD, envelope, "", found)
    found += _check_head(tree, msgid=envelope.get("msgid"))
    infno = read_infno(envelope)
    transaction = find_transaction(infno)
    if transaction is None and infno:
        found.append(problems.unknown_transaction(infno, offered=", ".join(sorted(TRANSACTIONS))))
    nodes = _read_input(envelope.get("input"), transaction, found)
    if "insuplc_admdvs" not in tree and _names_person(nodes):
        found.append(problems.missing_field("insuplc_admdvs", "参保地医保区划"))

    if found or transaction is None:
        raise Refusal(found)
    tree["infno"] = infno
    tree["input"] = nodes
    return transaction, tree


def _check_head(head: Mapping[str, Any], *, msgid: Any) -> list[Problem]:
    institution = str(head.get("fixmedins_code", ""))
    found: list[Problem] = []
    if institution:
        found += check_institution_code(institution, "fixmedins_code")
    if "msgid" in head or msgid:
        found += check_msgid(msgid=head.get("msgid", ""), institution=institution)
    for name in ("mdtrtarea_admvs", "insuplc_admdvs"):
        if name in head:
            found += check_area_code(head[name], name)
    return found


def _read_input(sent: Any, transaction: Transaction | None, found: list[Problem]) -> dict[str, Any]:
    if sent is None:
        found.append(problems.missing_field("input", "交易输入"))
        return {}
    if not isinstance(sent, dict):
        found.append(problems.bad_structure("input", expected_en="an object of nodes", expected_zh="由节点组成的对象"))
        return {}
    if transaction is None:
        return {}
    nodes = {node.name: read_node(node, sent, found) for node in transaction.nodes}
    for check in transaction.checks:
        found += check(nodes)
    return nodes


def _names_person(nodes: Mapping[str, Any]) -> bool:
    for node in nodes.values():
        first = node[0] if isinstance(node, list) and node else node
        if isinstance(first, dict) and "psn_no" in first:
            return True
    return False


def write_answer(output: Mapping[str, Any] | None, context: Context) -> bytes:
    """The envelope of a success; `output` None where the interface defines none."""
    return _write(SUCCESS, context, output=output)


def write_refusal(found: Sequence[Problem], context: Context) -> bytes:
    """The envelope of a failure: err_msg in Chinese with the codes, all the rest that does not fit in warn_msg."""
    short = error_text(found)
    complete = "\n".join(f"{problem.code}: {problem.text()}" for problem in found)
    told = len(found) == 1 and found[0].zh in short
    return _write(FAILURE, context, error=short, warning=None if told else complete[:WARNING_CHARACTERS])


def error_text(found: Sequence[Problem]) -> str:
    """At most 200 characters: the Chinese texts, then the codes in brackets; codes are never cut before texts are."""
    codes = "[" + ",".join(dict.fromkeys(problem.code for problem in found)) + "]"
    if len(codes) > ERROR_CHARACTERS // 2:
        codes = codes[: ERROR_CHARACTERS // 2 - 2] + "…]"
    texts = ";".join(problem.zh for problem in found)
    room = ERROR_CHARACTERS - len(codes)
    if len(texts) > room:
        mark = f"…(共{len(found)}项)"
        texts = texts[: room - len(mark)] + mark
    return texts + codes


def _write(
    infcode: int,
    context: Context,
    *,
    output: Mapping[str, Any] | None = None,
    error: str | None = None,
    warning: str | None = None,
) -> bytes:
    local = context.now.astimezone(BUSINESS_ZONE)
    return _ENCODER.encode(
        {
            "infcode": infcode,
            "inf_refmsgid": reference_number(context),
            "refmsg_time": _stamp(local),
            "respond_time": _stamp(local),
            "err_msg": error,
            "warn_msg": warning,
            "cainfo": None,
            "signtype": None,
            "output": output,
        }
    )


def reference_number(context: Context) -> str:
    """inf_refmsgid: area (6), local time to the second (14) and ten digits that follow from our own message id."""
    digest = hashlib.sha256(context.reference.encode()).digest()
    number = int.from_bytes(digest[:8], "big") % 10**10
    return f"{context.area}{context.now.astimezone(BUSINESS_ZONE):%Y%m%d%H%M%S}{number:010d}"


def _stamp(local: datetime) -> str:
    """17 digits: yyyyMMddHHmmssSSS."""
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def decode_answer(body: bytes) -> dict[str, Any]:
    """An answer as the partner reads it: amounts as exact decimals."""
    answer = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(body)
    return answer
