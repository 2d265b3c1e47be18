"""Judges what a client did, phase by phase and request by request. Pure: attempts in, results out."""

from collections.abc import Callable, Sequence
from typing import Any

from conformance.checks import Check, Result, Verdict
from conformance.client.attempt import Attempt
from conformance.client.phases import Phase, Repeat, Rule
from conformance.journal import Exchange
from conformance.site import FHIR_JSON, Site

GROUP = "client"
EARLY_MILLIS = 100
"""Clocks and sockets: so much earlier than Retry-After is still in time."""

Issues = Callable[[dict[str, Any]], Sequence[str]]


def judge_phase(phase: Phase, attempts: Sequence[Attempt], exchanges: tuple[Exchange, ...]) -> Result:
    """Whether the client did what the phase asks for. Without an attempt it was not asked."""
    if not attempts:
        return Result(_check(phase.rule), Verdict.NOT_ASKED)
    found = _wrong(phase, attempts)
    return Result(_check(phase.rule), Verdict.FAILED if found else Verdict.PASSED, found, exchanges)


def judge_requests(
    rules: Sequence[Rule], attempts: Sequence[Attempt], *, unread: Sequence[str], issues: Issues
) -> list[Result]:
    """What holds for every request. `unread`: what was no claim; `issues`: what is wrong with a claim."""
    finders: dict[str, Callable[[], Sequence[str]]] = {
        "readable": lambda: unread,
        "authorised": lambda: _each(attempts, _unauthorised),
        "content-type": lambda: _each(attempts, _untyped),
        "keyed": lambda: _each(attempts, _unkeyed),
        "one-key-one-content": lambda: _keys_twice(attempts),
        "valid": lambda: _each(attempts, lambda each: "; ".join(issues(dict(each.claim)))),
    }
    results = []
    for rule in rules:
        found = "\n".join(dict.fromkeys(finders[rule.name]()))
        verdict = Verdict.FAILED if found else Verdict.PASSED if attempts else Verdict.NOT_ASKED
        results.append(Result(_check(rule), verdict, found))
    return results


def _wrong(phase: Phase, attempts: Sequence[Attempt]) -> str:
    first, *later = attempts
    if phase.repeat is Repeat.FORBIDDEN:
        again = [each for each in later if each.content == first.content]
        return f"the same claim was sent {len(again)} more times" if again else ""
    if any(each.key != first.key for each in later):
        return f"the treatment was sent again under another key: {[each.key for each in attempts]}"
    if len(attempts) < len(phase.answers):
        return f"the claim was sent {len(attempts)} times, not again as it must be"
    if any(each.content != first.content for each in later):
        return "the claim was sent again with other content"
    waited = later[0].at_millis - first.at_millis
    if waited + EARLY_MILLIS < phase.wait_seconds * 1000:
        return f"sent again after {waited} ms, though Retry-After said {phase.wait_seconds} s"
    return ""


def _each(attempts: Sequence[Attempt], wrong: Callable[[Attempt], str]) -> list[str]:
    return [f"{each.treatment}: {said}" for each in attempts if (said := wrong(each))]


def _unauthorised(each: Attempt) -> str:
    scheme, _, token = each.headers.get("authorization", "").partition(" ")
    return "" if scheme.lower() == "bearer" and token else "no bearer token"


def _untyped(each: Attempt) -> str:
    kind = each.headers.get("content-type", "")
    return "" if kind.startswith((FHIR_JSON, "application/json")) else f"content type {kind!r}"


def _unkeyed(each: Attempt) -> str:
    return "" if each.key.strip("|") else "no key"


def _keys_twice(attempts: Sequence[Attempt]) -> list[str]:
    contents: dict[str, set[str]] = {}
    for each in attempts:
        contents.setdefault(each.key, set()).add(each.content)
    return [f"key {key} was used for {len(found)} contents" for key, found in contents.items() if len(found) > 1]


def _check(rule: Rule) -> Check:
    return Check(GROUP, rule.name, rule.requirement, rule.requirement_zh, rule.source, _nothing)


def _nothing(_site: Site) -> None:
    """The proof was the recording."""
