"""Agreements and case groups of a payment file."""

from collections.abc import Collection, Mapping
from typing import Any

from gateway.kernel.dated import Dated
from gateway.payment.groups import LONGEST_STAY, OLDEST, Group, Grouper
from gateway.payment.methods import METHODS, Method
from gateway.payment.terms import AS_SETTLED, Terms
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.read_payment_scope import SCOPED, SOURCED, Origin, check_once, whole
from gateway.policies.reading import by_day, check_overlap, items, members, shaped, span, text, word, wording, words
from gateway.settlement.claim import ClaimKind
from gateway.settlement.rule import Wording

_BY_GROUP = ("weights", "points", "prices", "rates")


def read_groupers(spot: Spot | None, origin: Origin) -> tuple[Dated[Grouper], ...]:
    """Versions of the grouper by day; of two that hold on one day the later is a problem."""
    if spot is None:
        return ()
    spots, found = items(spot), []
    for each in spots:
        parts = members(each, ("from", "groups"), ("to", *SOURCED))
        first, last = span(parts)
        rule = origin.rule("groups", first, parts, each)
        listed = items(parts.get("groups"))
        groups = tuple(_group(one) for one in listed)
        check_once(listed, [group.code for group in groups])
        found.append(Dated(Grouper(groups), first, last, rule.source, rule.reading))
    check_overlap(spots, found)
    return by_day(found)


def _group(spot: Spot) -> Group:
    found = members(
        spot, ("code", "zh", "en"), ("kinds", "diagnoses", "from_age", "below_age", "least_days", "most_days")
    )
    return Group(
        code=text(found.get("code")),
        title=Wording(text(found.get("zh")), text(found.get("en"))),
        kinds=words(found["kinds"], tuple(ClaimKind)) if "kinds" in found else frozenset(),
        diagnoses=tuple(text(each) for each in items(found["diagnoses"])) if "diagnoses" in found else (),
        from_age=whole(found.get("from_age"), 0, OLDEST),
        below_age=whole(found.get("below_age"), OLDEST, OLDEST),
        least_days=whole(found.get("least_days"), 0, LONGEST_STAY),
        most_days=whole(found.get("most_days"), LONGEST_STAY, LONGEST_STAY),
    )


def read_terms(spot: Spot | None, origin: Origin, groups: Collection[str]) -> tuple[Terms, ...]:
    """Agreements in the file's order. `groups`: codes that the file's groupers know."""
    spots = items(spot)
    found = tuple(_terms(each, origin, groups) for each in spots)
    check_once(spots, [each.id for each in found])
    return found


def _terms(spot: Spot, origin: Origin, groups: Collection[str]) -> Terms:
    optional = ("parameters", "kinds", "groups", *SCOPED, "to", *SOURCED)
    found = members(spot, ("id", "title", "method", "from"), optional)
    first, last = span(found)
    id, method = text(found.get("id")), word(found.get("method"), METHODS)
    if id == AS_SETTLED.id and method not in ("", AS_SETTLED.method):
        mark_wrong(found["id"], "policy-word", f"'{id}' pays where no terms do: rename this", "此名另有含义:请改名")
    return Terms(
        id=id,
        title=wording(found.get("title")),
        method=method,
        scope=origin.scope(found, groups),
        rule=origin.rule(f"terms.{id}", first, found, spot),
        parameters=_parameters(spot, found.get("parameters"), METHODS[method], origin, groups) if method else {},
        from_on=first,
        to_on=last,
    )


def _parameters(
    spot: Spot, given: Spot | None, method: Method, origin: Origin, groups: Collection[str]
) -> Mapping[str, Any]:
    wanted = [name for name in method.arguments if name not in method.optional]
    if given is None:
        if wanted:
            mark_wrong(
                spot, "policy-key", f"'parameters' is missing: add {', '.join(wanted)}", "缺少 parameters:请补上"
            )
        return {}
    found = members(given, wanted, tuple(method.optional))
    values = {name: shaped(each, method.arguments[name], origin.levels) for name, each in found.items()}
    for name in _BY_GROUP:
        listed_groups = values.get(name)
        for code in listed_groups if isinstance(listed_groups, Mapping) else ():
            if code not in groups:
                text_en = f"'{code}' is no group of this file: add it to groups or correct it"
                mark_wrong(found[name], "policy-word", text_en, f"groups 中没有“{code}”:请补上或改正")
    known = {name: value for name, value in values.items() if value is not None}
    wrong = method.wrong(known) if len(known) == len(found) and set(wanted) <= set(known) else None
    if wrong is not None:
        mark_wrong(given, "policy-key", wrong.en, wrong.zh)
    return known
