"""Bundles: finding entries by their fullUrl, and the rules of FHIR R4 section 2.36 that invariants do not say.

bdl-1 to bdl-12 are invariants of the definition. Here: fullUrl against id, unique fullUrls, and what the entries of a
transaction, batch, document and message must have.
"""

import re
from typing import Any, Final

from gateway.validation import texts
from gateway.validation.issue import Finding, Findings, joined

_REST = re.compile(r"(https?://[^\s]{1,2000}/)([A-Z][A-Za-z]{1,40})/([A-Za-z0-9\-.]{1,64})", re.ASCII)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}:[^\s]+", re.ASCII)
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class BundleIndex:
    """The entries of one Bundle by fullUrl and by Type/id; owns nothing but the look-up."""

    __slots__ = ("bundle", "by_url", "url_of")

    def __init__(self, bundle: dict[str, Any]) -> None:
        self.bundle = bundle
        self.by_url: dict[str, dict[str, Any]] = {}
        self.url_of: dict[int, str] = {}
        for entry in _entries(bundle):
            resource, url = entry.get("resource"), entry.get("fullUrl")
            if type(resource) is dict:
                self.url_of[id(resource)] = url if type(url) is str else ""
                if type(url) is str:
                    self.by_url.setdefault(url, resource)

    def find(self, reference: str, entry_url: str) -> dict[str, Any] | None:
        """The entry a reference of the entry `entry_url` points to; a relative one is read on its server's base."""
        bare = reference.partition("/_history/")[0].partition("#")[0]
        found = self.by_url.get(reference) or self.by_url.get(bare)
        if found is not None or ":" in bare:
            return found
        match = _REST.fullmatch(entry_url)
        if match is not None:
            return self.by_url.get(match[1] + bare)
        return self._same_id(bare)

    def _same_id(self, bare: str) -> dict[str, Any] | None:
        """Without a base, the one entry of that type and id."""
        name, _, id = bare.partition("/")
        found = [
            each["resource"]
            for each in _entries(self.bundle)
            if type(each.get("resource")) is dict
            and each["resource"].get("resourceType") == name
            and each["resource"].get("id") == id
        ]
        return found[0] if len(found) == 1 else None


def _entries(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    entries = bundle.get("entry")
    return [each for each in entries if type(each) is dict] if type(entries) is list else []


def bundle_rule(bundle: Any, run: Any) -> Findings:
    """What is wrong between the entries of a Bundle."""
    found: Findings = None
    kind = bundle.get("type")
    seen: set[tuple[str, str]] = set()
    for place, entry in enumerate(_entries(bundle)):
        for wrong in _entry(entry, kind if type(kind) is str else "", seen):
            found = joined(found, f".entry[{place}]", [wrong])
    return found


def _entry(entry: dict[str, Any], kind: str, seen: set[tuple[str, str]]) -> list[Finding]:
    found: list[Finding] = []
    url, resource, request = entry.get("fullUrl"), entry.get("resource"), entry.get("request")
    if type(url) is str and type(resource) is dict:
        found += _full_url(url, resource, kind, seen)
    elif type(resource) is dict and kind in ("document", "message", "searchset", "collection"):
        found.append(_no_full_url())
    if type(request) is dict and type(request.get("method")) is str:
        found += _request(request["method"], resource)
    return found


def _full_url(url: str, resource: dict[str, Any], kind: str, seen: set[tuple[str, str]]) -> list[Finding]:
    found: list[Finding] = []
    if not _ABSOLUTE.fullmatch(url):
        found.append(_relative(url))
    match = _REST.fullmatch(url)
    id = resource.get("id")
    if match and type(id) is str and (match[2] != resource.get("resourceType") or match[3] != id):
        found.append(_other_id(url))
    if kind != "history":
        meta = resource.get("meta")
        version = meta.get("versionId") if type(meta) is dict else None
        key = (url, version if type(version) is str else "")
        if key in seen:
            found.append(_repeated(url))
        seen.add(key)
    return found


def _request(method: str, resource: Any) -> list[Finding]:
    if method in _WITH_BODY and resource is None:
        return [texts.missing(".resource")]
    if method in ("GET", "HEAD", "DELETE") and resource is not None:
        return [
            texts.warning(
                "resource-not-needed",
                "structure",
                f"{method} takes no resource: leave it out",
                f"{method} 请求不需要资源:请删除",
                ".resource",
            )
        ]
    return []


def _no_full_url() -> Finding:
    return texts.warning(
        "missing-full-url",
        "required",
        "the entry has no fullUrl, so that nothing can refer to it: send one",
        "条目缺少 fullUrl,无法被引用:请补充",
        ".fullUrl",
    )


def _relative(url: str) -> Finding:
    return texts.error(
        "full-url-relative",
        "value",
        f"'{texts.shown(url)}' is not absolute: send a full URL, urn:uuid:… or urn:oid:…",
        f"“{texts.shown(url)}”不是绝对地址:应为完整 URL、urn:uuid:… 或 urn:oid:…",
        ".fullUrl",
    )


def _other_id(url: str) -> Finding:
    return texts.error(
        "full-url-other-id",
        "value",
        f"'{texts.shown(url)}' does not end with the type and id of the resource: make both say the same",
        f"“{texts.shown(url)}”与资源的类型和标识不一致:请统一",
        ".fullUrl",
    )


def _repeated(url: str) -> Finding:
    return texts.error(
        "full-url-repeated",
        "duplicate",
        f"'{texts.shown(url)}' is the fullUrl of another entry too: every one must be different",
        f"“{texts.shown(url)}”与其他条目重复:每个 fullUrl 必须不同",
        ".fullUrl",
    )
