"""References: their form, the type they point to, contained and bundled targets, profiles of the target.

FHIR R4 sections 2.3 (references) and 2.36.4 (resolving in a Bundle). A target that cannot be had is not judged.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, cast

from gateway.definitions.model import TypeRef
from gateway.validation import texts
from gateway.validation.issue import Check, Finding, Findings

CORE: Final = "http://hl7.org/fhir/StructureDefinition/"

_RELATIVE = re.compile(
    r"([A-Z][A-Za-z]{1,40})/([A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?(?:#[^\s]{0,200})?", re.ASCII
)
_REST = re.compile(
    r"https?://[^\s]{1,2000}/([A-Z][A-Za-z]{1,40})/[A-Za-z0-9\-.]{1,64}(?:/_history/[^\s]{1,64})?", re.ASCII
)
_URL = re.compile(
    r"(?!(?:javascript|vbscript|data):)[A-Za-z][A-Za-z0-9+.-]{0,40}:[^\s]{1,4000}", re.ASCII | re.IGNORECASE
)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:#.*)?", re.ASCII | re.IGNORECASE)
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+(?:#.*)?", re.ASCII)


class Targets(NamedTuple):
    """What a reference may point to. `types`: names, empty for any; `profiles`: by type, those the target must meet
    one of; `kinds`: contained, referenced, bundled, empty for all; `label` for messages."""

    types: frozenset[str]
    profiles: dict[str, tuple[str, ...]]
    kinds: frozenset[str]
    label: str


def targets_of(refs: Sequence[TypeRef], type_of: Callable[[str], str]) -> Targets:
    """The targets of the Reference types of an element; `type_of`: canonical of a profile → its type, '' unknown."""
    types: set[str] = set()
    profiles: dict[str, list[str]] = {}
    free: set[str] = set()
    anything = False
    for url in [target for ref in refs for target in ref.targets]:
        name = url.removeprefix(CORE) if url.startswith(CORE) and "|" not in url else ""
        if name in ("Resource", "DomainResource"):
            anything = True
        elif name and type_of(url) == name:
            types.add(name)
            free.add(name)
        elif known := type_of(url):
            types.add(known)
            profiles.setdefault(known, []).append(url)
        else:
            anything = True
    if anything or not types:
        return Targets(frozenset(), {}, _kinds(refs), "a resource")
    kept = {name: tuple(urls) for name, urls in profiles.items() if name not in free}
    return Targets(frozenset(types), kept, _kinds(refs), texts.listed(types))


def _kinds(refs: Sequence[TypeRef]) -> frozenset[str]:
    kinds = [frozenset(ref.aggregation) for ref in refs]
    return frozenset().union(*kinds) if kinds and all(kinds) else frozenset()


def reference_rule(targets: Targets, conforms: Callable[[dict[str, Any], str, Any], bool]) -> Check:
    """The rule of a Reference; `conforms(resource, profile, run)` judges a target that could be resolved."""
    types, profiles, kinds = targets.types, targets.profiles, targets.kinds
    simple = not profiles and not kinds

    def rule(node: Any, run: Any) -> Findings:
        if type(node) is not dict:
            return None
        text = node.get("reference")
        if type(text) is not str or not text:
            return _typed(node, types)
        head, slash, _ = text.partition("/")
        if simple and slash and run.bundle is None and (head in types or (not types and head.isalpha())):
            match = _RELATIVE.fullmatch(text)
            if match is not None:
                return None
        return _unusual(text, run)

    def _unusual(text: str, run: Any) -> Findings:
        wrong = _form(text)
        if wrong is not None:
            return [wrong]
        target = resolve(text, run)
        if text.startswith("#") and target is None:
            return [_no_contained(text)]
        kind = _kind(text, target, run)
        if kinds and kind not in kinds and not (kind == "bundled" and "referenced" in kinds):
            return [_wrong_kind(text, kinds)]
        name = _type_of(text, target)
        if types and name and name not in types:
            return [_wrong_target(text, name, targets.label)]
        wanted = profiles.get(name) if target is not None else None
        if wanted and target is not None and not any(conforms(target, url, run) for url in wanted):
            return [_no_profile(text, wanted)]
        return None

    return rule


def resolve(text: str, run: Any) -> dict[str, Any] | None:
    """The resource a reference points to: contained, in the Bundle around, or by the caller's resolver."""
    if text.startswith("#"):
        return _contained(text[1:], run)
    found = run.bundle.find(text, run.entry_url) if run.bundle is not None else None
    if found is not None:
        return cast("dict[str, Any]", found)
    if run.resolver is None:
        return None
    brought = run.resolver(text)
    return brought if type(brought) is dict else None


def _contained(id: str, run: Any) -> dict[str, Any] | None:
    root: dict[str, Any] = run.root
    if not id:
        return root
    contained = root.get("contained")
    for each in contained if type(contained) is list else ():
        if type(each) is dict and each.get("id") == id:
            return each
    return None


def _form(text: str) -> Finding | None:
    if text.startswith("#") or _RELATIVE.fullmatch(text):
        return None
    if text.startswith("urn:uuid:"):
        return None if _UUID.fullmatch(text) else _bad(text)
    if text.startswith("urn:oid:"):
        return None if _OID.fullmatch(text) else _bad(text)
    return None if _URL.fullmatch(text) else _bad(text)


def _type_of(text: str, target: dict[str, Any] | None) -> str:
    if target is not None:
        name = target.get("resourceType")
        return name if type(name) is str else ""
    match = _RELATIVE.fullmatch(text) or _REST.fullmatch(text)
    return match[1] if match else ""


def _kind(text: str, target: dict[str, Any] | None, run: Any) -> str:
    if text.startswith("#"):
        return "contained"
    return "bundled" if run.bundle is not None and target is not None else "referenced"


def _typed(node: dict[str, Any], types: frozenset[str]) -> Findings:
    """A reference by identifier alone may say the type it points to."""
    said = node.get("type")
    if types and type(said) is str and said.isalpha() and said not in types and said != "Reference":
        return [_wrong_target(said, said, texts.listed(types))._replace(path=".type")]
    return None


def _bad(text: str) -> Finding:
    return texts.error(
        "bad-reference",
        "value",
        f"'{texts.shown(text)}' is not a reference: send Type/id, a URL, urn:uuid:…, #id or an identifier",
        f"“{texts.shown(text)}”不是有效引用:应为 类型/标识、URL、urn:uuid:…、#id 或 identifier",
        ".reference",
    )


def _wrong_target(text: str, name: str, label: str) -> Finding:
    return texts.error(
        "bad-reference",
        "structure",
        f"'{texts.shown(text)}' refers to {texts.shown(name)} where {label} is wanted: refer to one of these",
        f"“{texts.shown(text)}”引用了 {texts.shown(name)},应为对 {label} 的引用",
        ".reference",
    )


def _no_contained(text: str) -> Finding:
    return texts.error(
        "unresolved-contained",
        "not-found",
        f"no contained resource has the id of '{texts.shown(text)}': contain it or correct the reference",
        f"没有标识为“{texts.shown(text)}”的内含资源:请补充或更正引用",
        ".reference",
    )


def _wrong_kind(text: str, kinds: frozenset[str]) -> Finding:
    return texts.error(
        "reference-not-aggregated",
        "structure",
        f"'{texts.shown(text)}' must be {texts.listed(kinds)}: send the target that way",
        f"“{texts.shown(text)}”的目标应以 {texts.listed(kinds)} 方式提供",
        ".reference",
    )


def _no_profile(text: str, wanted: Sequence[str]) -> Finding:
    return texts.error(
        "target-outside-profile",
        "structure",
        f"the target of '{texts.shown(text)}' is outside of {texts.listed(wanted)}: correct it or refer elsewhere",
        f"“{texts.shown(text)}”的目标不符合 {texts.listed(wanted)}:请更正目标或引用",
        ".reference",
    )
