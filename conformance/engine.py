"""Makes the steps of a script and judges what comes back. The parent of all three kinds of call: HTTP, NHSA, HL7 v2."""

from collections.abc import Iterator
from typing import Any

import httpx

from conformance.checks import Check, Failed, NotOffered, expect
from conformance.expectation import holds
from conformance.paths import evaluate, read_v2
from conformance.refusal import REFUSING, check_acknowledged, check_nhsa, check_outcome
from conformance.script import Script, Step
from conformance.site import END, FHIR_JSON, START, Site, decode, encode
from conformance.values import Values, fill, fixture, site_values

ENVELOPE = "nhsa-envelope.json"
PROBE = "probe.hl7"


def check_of(script: Script) -> Check:
    """The check whose proof makes the steps of a script."""
    return Check(
        group=script.group,
        name=script.name,
        requirement=script.requirement,
        requirement_zh=script.requirement_zh,
        source=script.source,
        proof=lambda site: prove(script, site),
        when=script.when,
    )


def prove(script: Script, site: Site) -> None:
    """Every round of a script. Failed: which step found what."""
    rounds = list(_rounds(script, site))
    if not rounds:
        raise NotOffered
    for given in rounds:
        values = {**site_values(site), **given}
        for name, value in script.let.items():
            values[name] = fill(value, values, site)
        told = " ".join(value for value in given.values() if isinstance(value, str)).strip()[:80]
        for number, step in enumerate(script.steps, 1):
            said = f"{told}: " * bool(told) + (step.says or f"step {number}")
            site.journal.label = said
            try:
                _make(step, site, values)
            except (Failed, ValueError) as failed:
                raise Failed(f"{said}: {failed}") from None
    site.journal.label = ""


def _rounds(script: Script, site: Site) -> Iterator[Values]:
    rounds: list[Values] = [dict(each) for each in script.rounds] or [{}]
    for name, path in script.each.items():
        rounds = [
            {**given, name: found}
            for given in rounds
            for found in dict.fromkeys(evaluate(fill(path, given, site), site.statement))
        ]
    yield from rounds


def _make(step: Step, site: Site, values: Values) -> None:
    if step.call == "v2":
        _make_v2(step, site, values)
    elif step.call == "nhsa":
        _make_nhsa(step, site, values)
    else:
        _make_http(step, site, values)


def _make_http(step: Step, site: Site, values: Values) -> None:
    body = _body(step.body, values, site)
    headers = site.headers(fill(step.headers, values, site))
    if step.token is not None:
        headers["authorization"] = fill(step.token, values, site)
    url = fill(step.target, values, site)
    whole = url if url.startswith("http") else f"{site.base}/{url}" if url else site.base
    response = site.send(step.call.upper(), whole, {k: v for k, v in headers.items() if v}, body)

    answer = _answer(response)
    type = answer.get("resourceType", "") if isinstance(answer, dict) else ""
    wanted = step.status or (range(400, 500) if step.refused else (200,))
    expect(response.status_code in wanted, f"status {response.status_code}: {response.text[:300]}")
    if step.refused:
        check_outcome(answer, response)
    if step.type:
        kind = response.headers.get("content-type", "")
        expect(kind.startswith(FHIR_JSON), f"content type {kind!r} for {FHIR_JSON}")
        expect(type == step.type, f"{type} for {step.type}: {response.text[:200]}")
    for name, pattern in step.answer_headers.items():
        found = response.headers.get(name, "")
        expect(holds("matches", found, fill(pattern, values, site)), f"header {name} is {found!r}")
    seen = {"status": response.status_code, "headers": dict(response.headers), "type": type}
    _judge(step, site, {**values, **seen}, values, answer, response.content)


def _make_nhsa(step: Step, site: Site, values: Values) -> None:
    if step.body is not None:
        body = _body(step.body, values, site)
    else:
        values["serial"] = site.moment_number()
        envelope = {**fixture(ENVELOPE), "infno": step.target, **step.options.get("envelope", {})}
        envelope.setdefault("input", step.options.get("input", {}))
        body = encode(fill(envelope, values, site))
    response = site.send_nhsa(body, below=step.options.get("below", ""))

    answer = _answer(response)
    expect(response.status_code == 200, f"status {response.status_code}: {response.text[:300]}")
    check_nhsa(answer, refused=step.refused)
    _judge(step, site, values, values, answer, response.content)


def _make_v2(step: Step, site: Site, values: Values) -> None:
    """The message, then a probe on the same connection: what comes before the probe's answer is the answer."""
    text = fill(fixture(step.target), {**values, **fill(step.given, values, site)}, site)
    probe = site.number()
    sent = [_er7(text), _er7(fill(fixture(PROBE), {**values, "control": probe}, site))]
    frames = site.exchange_frames(
        b"".join(START + each + END for each in sent), enough=lambda came: any(probe.encode() in each for each in came)
    )
    messages = [read_v2(each.removeprefix(START).decode()) for each in frames[:-1]]
    for message in messages:
        check_acknowledged(message, text)
    codes = [message["MSA"][0].get("f1") for message in messages]
    if "answers" in step.options:
        wanted = fill(step.options["answers"], values, site)
        expect(codes == wanted, f"answered {codes} for {wanted}: {[each.get('ERR') for each in messages]}")
    else:
        good = len(codes) == 1 and (codes[0] in REFUSING) == step.refused
        expect(good, f"answered {codes}: {[each.get('ERR') for each in messages]}")
    _judge(step, site, values, values, messages[0] if messages else {}, frames[0] if messages else b"")


def _judge(step: Step, site: Site, seen: Values, values: Values, answer: Any, content: bytes) -> None:
    """Expectations, then what is kept for later steps."""
    for each in step.expect:
        expression = fill(each.expression, seen, site)
        on = seen[each.on] if each.on else answer
        found = evaluate(expression, on, seen)
        good = holds(each.operator, found, each.value) if each.operator else found == [True]
        expect(good, f"{each.says or expression}: {_short(found)}")
    if step.same:
        expect(content == values[f"{step.same}.bytes"], f"another answer than {step.same}: {content[:300]!r}")
    for name, path in step.keep.items():
        if path == "$this":
            values[name], values[f"{name}.bytes"] = answer, content
            continue
        found = evaluate(fill(path, seen, site), answer, seen)
        expect(found, f"nothing at {path}")
        values[name] = found[0] if len(found) == 1 else found


def _body(given: Any, values: Values, site: Site) -> bytes:
    """The bytes of a body: text as it is, a tree as JSON, a fixture with its change, which may be of the bytes."""
    if given is None:
        return b""
    change = fill(given.get("change", {}), values, site) if isinstance(given, dict) and "fixture" in given else {}
    if "text" in change:
        return str(change["text"]).encode()
    tree = fill(given, values, site)
    body = tree.encode() if isinstance(tree, str) else encode(tree)
    return body[: -int(change["cut"])] if "cut" in change else body


def _answer(response: httpx.Response) -> Any:
    if not response.content or "json" not in response.headers.get("content-type", ""):
        return {}
    try:
        return decode(response.content)
    except ValueError as error:
        raise Failed(f"the answer is no JSON ({error}): {response.text[-200:]}") from None


def _er7(text: str) -> bytes:
    return text.strip("\n").replace("\n", "\r").encode() + b"\r"


def _short(found: list[Any]) -> str:
    text = ", ".join(str(each) for each in found)
    return text if len(text) < 300 else f"{text[:300]} …"
