"""Every sealed text opens with the keys at hand, in the place it stands in; every keyed message has its answer."""

from collections.abc import Iterator

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.store.queries import Place
from gateway.store.rows import context
from gateway.store.session import Row

_PAGE = 500
# Table, columns that tell the place, key columns to page by, blob columns.
_MESSAGES = "SELECT id, key, request, answer, problems FROM message WHERE area = ? AND id > ? ORDER BY id LIMIT ?"
_HEADS = "SELECT type, id, version, body FROM resource WHERE area = ? AND (type, id) > (?, ?) ORDER BY type, id LIMIT ?"
_HISTORY = (
    "SELECT type, id, version, body FROM resource_history WHERE area = ? AND (type, id, version) > (?, ?, ?) "
    "ORDER BY type, id, version LIMIT ?"
)
_TRACES = "SELECT id, trace FROM settlement WHERE area = ? AND id > ? ORDER BY id LIMIT ?"
_LETTERS = "SELECT id, kind, body FROM outbox WHERE area = ? AND id > ? ORDER BY id LIMIT ?"
_DOSSIERS = (
    "SELECT kind, id, version, body FROM dossier WHERE area = ? AND (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"
)
_POLICIES = "SELECT hash, policy_id, body FROM policy_version WHERE area = ? AND hash > ? ORDER BY hash LIMIT ?"


def check(place: Place) -> list[Problem]:
    """A problem for each text that does not open, and for each keyed message without an answer."""
    return [*_check_texts(place), *_check_answers(place)]


def _check_texts(place: Place) -> Iterator[Problem]:
    for type, id, version, body in _pages(place, _HEADS, ("", ""), 2):
        yield from _check(place, body, "resource", type, id, version)
    for type, id, version, body in _pages(place, _HISTORY, ("", "", 0), 3):
        yield from _check(place, body, "resource", type, id, version)
    for id, _, *texts in _pages(place, _MESSAGES, ("",), 1):
        for part, text in zip(("request", "answer", "problems"), texts, strict=True):
            yield from _check(place, text, "message", part, id)
    for id, trace in _pages(place, _TRACES, ("",), 1):
        yield from _check(place, trace, "settlement", "trace", id)
    for id, kind, body in _pages(place, _LETTERS, ("",), 1):
        yield from _check(place, body, "outbox", kind, id)
    for kind, id, version, body in _pages(place, _DOSSIERS, ("", ""), 2):
        yield from _check(place, body, "dossier", kind, id, version)
    for hash, policy_id, body in _pages(place, _POLICIES, ("",), 1):
        yield from _check(place, body, "policy_version", policy_id, hash)


def _pages(place: Place, statement: str, start: Row, keys: int) -> Iterator[Row]:
    """All rows, a page at a time; the first `keys` columns are what they are ordered by."""
    after = start
    while found := place.rows(statement, *after, _PAGE):
        yield from found
        after = found[-1][:keys]


def _check(place: Place, sealed: bytes, table: str, type: str, id: str, version: int = 0) -> Iterator[Problem]:
    try:
        place.keyring.open(sealed, context(table, place.area, type, id, version))
    except Refusal as refusal:
        yield refusal.problems[0].at(f"{table}/{type}/{id}")


def _check_answers(place: Place) -> Iterator[Problem]:
    for id, key, _, answer, _ in _pages(place, _MESSAGES, ("",), 1):
        if key is None:
            continue
        try:
            empty = not place.keyring.open(answer, context("message", place.area, "answer", id))
        except Refusal:
            continue
        if empty:
            yield Problem(
                Kind.FAULT,
                "answer-missing",
                f"message/{id}",
                "this message has a key but no answer: a repeat of it could not be answered",
                "该报文有标识却无应答:重复报文将无法得到回复",
            )
