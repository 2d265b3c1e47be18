"""The ways in which a gateway may be wrong: each takes what a sound one answered and makes one thing of it wrong."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import msgspec

from conformance.site import decode, encode
from tests.unit.conformance.proxies import Answer, Asked

Change = Callable[[dict[str, Any]], None]


def is_submit(asked: Asked) -> bool:
    return asked.path.endswith("/Claim/$submit")


def is_search(asked: Asked) -> bool:
    return asked.method == "GET" and "?" in asked.path and "mode=" not in asked.path


def rewritten(answer: Answer, type: str, change: Change) -> Answer:
    """The answer with its resource changed in place, where it is of that type."""
    try:
        tree = decode(answer.body)
    except msgspec.DecodeError:
        return answer
    if not isinstance(tree, dict) or tree.get("resourceType") != type:
        return answer
    change(tree)
    return answer._replace(body=encode(tree))


def settled(asked: Asked, answer: Answer, change: Change) -> Answer:
    return rewritten(answer, "ClaimResponse", change) if is_submit(asked) else answer


def changed_amount(asked: Asked, answer: Answer) -> Answer:
    """What the person pays in cash is a fen more than the rest of the answer says."""

    def change(tree: dict[str, Any]) -> None:
        for each in tree["total"]:
            if each["category"]["coding"][0]["code"] == "cash":
                each["amount"]["value"] += type(each["amount"]["value"])("0.01")

    return settled(asked, answer, change)


def dropped_element(asked: Asked, answer: Answer) -> Answer:
    """The outcome, which every ClaimResponse must have, is missing."""
    return settled(asked, answer, lambda tree: tree.pop("outcome"))


def wrong_status(asked: Asked, answer: Answer) -> Answer:
    """A conflict is answered as if all were well."""
    return answer._replace(status=200) if answer.status == 409 else answer


def plain_errors(asked: Asked, answer: Answer) -> Answer:
    """Refusals come without an OperationOutcome."""
    return answer._replace(body=b"{}") if answer.status >= 400 else answer


def wrong_content_type(asked: Asked, answer: Answer) -> Answer:
    """FHIR is called plain JSON."""
    return answer._replace(headers={**answer.headers, "content-type": "application/json"})


def wrong_etag(asked: Asked, answer: Answer) -> Answer:
    """The ETag is always that of version 9."""
    return answer._replace(headers={**answer.headers, "etag": 'W/"9"'}) if "etag" in answer.headers else answer


def stale_version(asked: Asked, answer: Answer) -> Answer:
    """Whatever is answered says that it is version 1."""
    return answer._replace(body=re.sub(rb'"versionId":"[0-9]+"', b'"versionId":"1"', answer.body))


def doubled_entry(asked: Asked, answer: Answer) -> Answer:
    """A search finds what it finds twice."""

    def change(tree: dict[str, Any]) -> None:
        tree["entry"] = tree.get("entry", []) * 2

    return rewritten(answer, "Bundle", change) if is_search(asked) else answer


def truncated_body(asked: Asked, answer: Answer) -> Answer:
    """The end of a settlement is missing."""
    return answer._replace(body=answer.body[:-30]) if is_submit(asked) and answer.status == 200 else answer


def changed_id(asked: Asked, answer: Answer) -> Answer:
    """A read answers another resource than the one that was asked for."""
    if asked.method != "GET" or "?" in asked.path:
        return answer
    return rewritten(answer, "Claim", lambda tree: tree.update(id=f"{tree['id'][:-1]}-"))


def swapped_lines(asked: Asked, answer: Answer) -> Answer:
    """The figures of the first two lines are exchanged."""

    def change(tree: dict[str, Any]) -> None:
        first, second, *_ = tree["item"]
        first["adjudication"], second["adjudication"] = second["adjudication"], first["adjudication"]

    return settled(asked, answer, change)


def wrong_currency(asked: Asked, answer: Answer) -> Answer:
    """Amounts are in dollars."""
    return answer._replace(body=answer.body.replace(b'"CNY"', b'"USD"')) if is_submit(asked) else answer


def reordered_totals(asked: Asked, answer: Answer) -> Answer:
    """The totals come in the order of the alphabet."""
    return settled(
        asked, answer, lambda tree: tree["total"].sort(key=lambda each: each["category"]["coding"][0]["code"])
    )


def one_decimal(asked: Asked, answer: Answer) -> Answer:
    """Zeros at the end of amounts are left out."""
    return answer._replace(body=re.sub(rb"(\.\d)0([,}])", rb"\1\2", answer.body)) if is_submit(asked) else answer


def flipped_infcode(asked: Asked, answer: Answer) -> Answer:
    """Every NHSA transaction succeeds."""
    return answer._replace(body=answer.body.replace(b'"infcode":-1', b'"infcode":0'))


def nhsa_amount(asked: Asked, answer: Answer) -> Answer:
    """The cash of an NHSA settlement is not what is left of the bill."""
    return answer._replace(body=re.sub(rb'"psn_cash_pay":\d', b'"psn_cash_pay":7', answer.body))


def missing_next(asked: Asked, answer: Answer) -> Answer:
    """No page leads to the next."""

    def change(tree: dict[str, Any]) -> None:
        tree["link"] = [each for each in tree["link"] if each["relation"] != "next"]

    return rewritten(answer, "Bundle", change) if is_search(asked) else answer


def extra_resource() -> Callable[[Asked, Answer], Answer]:
    """A search finds the first Claim it ever found beside what it was asked for."""
    first: list[Any] = []

    def spoil(asked: Asked, answer: Answer) -> Answer:
        def change(tree: dict[str, Any]) -> None:
            if not first:
                first.extend(tree.get("entry", [])[:1])
            elif first[0]["fullUrl"] not in {each["fullUrl"] for each in tree.get("entry", [])}:
                tree["entry"] = [*tree.get("entry", []), *first]

        return rewritten(answer, "Bundle", change) if is_search(asked) and "/Claim?" in asked.path else answer

    return spoil


def cached_answers() -> Callable[[Asked, Answer], Answer]:
    """What was read or found once is answered for ever."""
    kept: dict[str, Answer] = {}

    def spoil(asked: Asked, answer: Answer) -> Answer:
        if asked.method != "GET" or answer.status != 200:
            return answer
        return kept.setdefault(asked.path, answer)

    return spoil


def never_the_same() -> Callable[[Asked, Answer], Answer]:
    """A repeat is answered with another time."""
    numbers = itertools.count()

    def spoil(asked: Asked, answer: Answer) -> Answer:
        time = f"2015-03-20T00:00:{next(numbers) % 60:02d}Z"
        return settled(asked, answer, lambda tree: tree.update(created=time))

    return spoil


def open_doors(asked: Asked, answer: Answer) -> Answer:
    """Strangers are let in."""
    return (
        answer._replace(status=200, body=b'{"resourceType":"Bundle","type":"searchset"}')
        if answer.status == 401
        else answer
    )


def unknown_element(asked: Asked, answer: Answer) -> Answer:
    """A ClaimResponse has an element that FHIR does not know."""
    return settled(asked, answer, lambda tree: tree.update(verdict="paid"))


def no_err(frame: bytes) -> bytes:
    """A refusal without ERR."""
    return re.sub(rb"\rERR[^\r]*", b"", frame)


def yes(frame: bytes) -> bytes:
    """MSA-1 says AA whatever became of the message."""
    return re.sub(rb"\rMSA\|[AC][ER]\|", b"\rMSA|AA|", frame)


def other_control_id(frame: bytes) -> bytes:
    """MSA-2 names another message, but for the probes that follow each one."""
    return frame if b"\rMSA|AR|" in frame else re.sub(rb"(\rMSA\|[A-Z]{2}\|)[^\r|]*", rb"\1M-1", frame)


def twice(frame: bytes) -> bytes:
    """Every answer comes twice."""
    return frame * 2


def unframed(frame: bytes) -> bytes:
    """The byte that begins a frame is missing."""
    return frame.removeprefix(b"\x0b")


def other_sum(frame: bytes) -> bytes:
    """The cash of an invoice is not what the fund leaves."""
    return re.sub(rb"\|(-?\d+)\.\d\d\|cash\^", rb"|\1.99|cash^", frame)
