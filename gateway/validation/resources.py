"""Resources inside resources: contained, entries of Bundles, parameters; each by its type and what it claims to be."""

from collections.abc import Callable, Sequence
from typing import Any

from gateway.validation import texts
from gateway.validation.bundles import BundleIndex
from gateway.validation.issue import ERROR, Check, Finding, Findings, added, has_errors
from gateway.validation.run import DEEPEST, Run

CheckOf = Callable[[str], Check | None]
"""Canonical of a profile, or bare name of a type → its compiled check; None where it is not there."""
TypeOf = Callable[[str], str]
"""Canonical of a profile → the type it is of, '' where it is not there."""


def resource_check(
    allowed: frozenset[str], profiles: Sequence[str], check_of: CheckOf, type_of: TypeOf, *, contained: bool
) -> Check:
    """A resource within another. `allowed`: type names, empty for any; `profiles`: of which it must meet one.

    The %rootResource of a contained resource is its container; every other resource is its own.
    """

    def check(value: Any, run: Run) -> Findings:
        if type(value) is not dict:
            return [texts.wrong_type("a resource", "资源对象")]
        name = value.get("resourceType")
        if type(name) is not str:
            return [texts.missing(".resourceType")]
        if allowed and name not in allowed:
            return [_other_type(name, allowed)]
        if run.depth >= DEEPEST:
            return [texts.too_deep()]
        inner = run.inside(value)
        inner.depth += 1
        if not contained:
            return check_resource(value, inner, profiles, check_of, type_of)
        inner.root = run.root
        found = check_resource(value, inner, profiles, check_of, type_of)
        return found if "id" in value else added(found, [texts.missing(".id")])

    return check


def check_resource(
    value: dict[str, Any], run: Run, demanded: Sequence[str], check_of: CheckOf, type_of: TypeOf
) -> Findings:
    """A resource by the profiles it claims and those demanded (of which it must meet one), else by its base type."""
    name = value["resourceType"]
    base = check_of(name)
    if base is None or type_of(name) != name:
        return [_unknown_type(name)]
    if name == "Bundle":
        run.bundle = BundleIndex(value)
        run.entry_url = ""
    elif run.bundle is not None and run.resource is run.root:
        run.entry_url = run.bundle.url_of.get(id(value), run.entry_url)
    found: Findings = None
    checks: dict[str, Check] = {}
    for url in claimed_profiles(value):
        check = check_of(url)
        if check is None:
            found = added(found, [unknown_profile(url, ".meta.profile")])
        elif type_of(url) != name:
            found = added(found, [_other_profile(url, type_of(url), name)])
        elif url != name:
            checks[url] = check
    known = [url for url in demanded if check_of(url) is not None]
    if known and not any(url in checks for url in known):
        found = added(found, _one_of(value, run, known, check_of))
        checked = True
    else:
        checked = bool(checks)
    for check in checks.values():
        found = _merged(found, check(value, run))
    return found if checked else added(found, base(value, run))


def claimed_profiles(value: dict[str, Any]) -> list[str]:
    """What meta.profile says, as far as it can be read."""
    meta = value.get("meta")
    claims = meta.get("profile") if type(meta) is dict else None
    return [each for each in claims if type(each) is str] if type(claims) is list else []


def _one_of(value: dict[str, Any], run: Run, urls: Sequence[str], check_of: CheckOf) -> Findings:
    first: Findings = None
    for place, url in enumerate(urls):
        check = check_of(url)
        found = check(value, run) if check is not None else None
        if not has_errors(found):
            return found
        if place == 0:
            first = found
    return first if len(urls) == 1 else added([no_profile_fits(urls)], first)


def _merged(found: Findings, more: Findings) -> Findings:
    """Findings of two profiles of one resource; what both say is said once."""
    if found is None or more is None:
        return added(found, more)
    seen = {(each.path, each.code, each.en) for each in found}
    return added(found, [each for each in more if (each.path, each.code, each.en) not in seen])


def any_of(checks: Sequence[tuple[str, Check]]) -> Check:
    """A value that must meet one of several profiles."""
    if len(checks) == 1:
        return checks[0][1]

    def check(value: Any, run: Any) -> Findings:
        first: Findings = None
        for place, (_, each) in enumerate(checks):
            found = each(value, run)
            if not has_errors(found):
                return found
            if place == 0:
                first = found
        return added([no_profile_fits([url for url, _ in checks])], first)

    return check


def no_profile_fits(urls: Sequence[str]) -> Finding:
    """A value that meets none of the profiles of which it must meet one."""
    return texts.error(
        "no-profile-fits",
        "structure",
        f"the value conforms to none of {texts.listed(urls)}: correct it for one of them",
        f"该值不符合 {texts.listed(urls)} 中的任何一个:请按其中之一更正",
    )


def unknown_profile(url: str, path: str = "", severity: str = "warning") -> Finding:
    """A profile that is in no package."""
    make = texts.error if severity == ERROR else texts.warning
    return make(
        "profile-unknown",
        "not-found",
        f"the profile {texts.shown(url)} is not known and was not checked: add the package that has it",
        f"规范 {texts.shown(url)} 未知,未作检查:请加载包含它的包",
        path,
    )


def _unknown_type(name: str) -> Finding:
    return texts.error(
        "unknown-resource-type",
        "structure",
        f"'{texts.shown(name)}' is no resource type of FHIR R4: correct the name",
        f"“{texts.shown(name)}”不是 FHIR R4 的资源类型:请更正",
        ".resourceType",
    )


def _other_type(name: str, allowed: frozenset[str]) -> Finding:
    return texts.error(
        "unknown-resource-type",
        "structure",
        f"'{texts.shown(name)}' cannot be sent here: send one of {texts.listed(allowed)}",
        f"此处不接受资源类型“{texts.shown(name)}”:应为 {texts.listed(allowed)} 之一",
        ".resourceType",
    )


def _other_profile(url: str, of: str, name: str) -> Finding:
    return texts.error(
        "profile-of-other-type",
        "structure",
        f"{texts.shown(url)} is a profile of {of or 'no resource'}, not of {name}: correct the claim or the type",
        f"{texts.shown(url)} 不是 {name} 的规范:请更正 meta.profile 或资源类型",
        ".meta.profile",
    )
