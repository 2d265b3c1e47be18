"""The way in: a resource, the definitions and the profiles asked for; out come issues in a fixed order.

`Validator` keeps what was compiled for a library. Whatever the input, nothing is raised but what the caller's own
functions raise.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.definitions.library import Library
from gateway.validation import texts
from gateway.validation.compiler import Compiler
from gateway.validation.extensions import settle_contexts
from gateway.validation.invariants import NONE_SURE, Sure
from gateway.validation.issue import ERROR, MOST_FINDINGS, Check, Finding, Findings, Issue
from gateway.validation.places import document_order, element_path_of, location_of
from gateway.validation.resources import check_resource, unknown_profile
from gateway.validation.run import Resolver, Run, Terminology
from gateway.validation.terminology import PackageTerminology

_MOST_KEPT: Final = 8
_validators: dict[tuple[int, int], "Validator"] = {}


class Validator:
    """Owns the compiled checks of one library and terminology; shared between threads, it only grows.

    `sure`: by the text of an invariant, what tells at once that it holds; see `invariants`.
    """

    def __init__(
        self, library: Library, terminology: Terminology | None = None, *, sure: Mapping[str, Sure] = NONE_SURE
    ) -> None:
        self.library = library
        self.terminology = terminology if terminology is not None else PackageTerminology(library)
        self.compiler = Compiler(library, self.terminology, sure)

    def validate(self, resource: Any, profiles: Sequence[str] = (), *, resolver: Resolver | None = None) -> list[Issue]:
        """Every issue of a resource (plain JSON values, decimals as Decimal) in document order, then by code.

        `profiles`: canonicals it must meet besides what meta.profile claims; `resolver` brings referred resources.
        At most 200 issues are listed, then one that says there are more.
        """
        found = self.findings(resource, profiles, resolver=resolver)
        return [] if not found else self.told(found, resource)

    def findings(self, resource: Any, profiles: Sequence[str] = (), *, resolver: Resolver | None = None) -> Findings:
        """What `validate` finds, with JSON paths and in the order of the walk; None where nothing is wrong."""
        if type(resource) is not dict:
            return [texts.wrong_type("a resource", "资源对象")]
        name = resource.get("resourceType")
        if type(name) is not str or not name:
            return [texts.missing(".resourceType")]
        run = Run(resource, resolver=resolver, judge=self.compiler)
        asked = [url for url in profiles if self.compiler.check_of(url) is not None]
        unknown = [unknown_profile(url, severity=ERROR) for url in profiles if url not in asked]
        try:
            found = check_resource(resource, run, asked, self.compiler.check_of, self.compiler.type_of)
        except RecursionError:
            return [texts.too_deep()]
        return unknown + (found or []) if unknown else found

    def of_type(self, resource: dict[str, Any]) -> Findings:
        """What its base type alone finds wrong with a resource, whatever profiles it claims."""
        name = resource.get("resourceType")
        check = self.compiler.check_of(name) if type(name) is str and name else None
        if check is None or self.compiler.type_of(str(name)) != name:
            return self.findings(resource)
        try:
            return check(resource, Run(resource, judge=self.compiler))
        except RecursionError:
            return [texts.too_deep()]

    def told(self, found: list[Finding], resource: dict[str, Any]) -> list[Issue]:
        """Findings as issues, with their locations."""
        types = self.library.types
        kept = settle_contexts(found, lambda path: element_path_of(path, resource, types))
        more: list[Finding] = []
        if len(kept) > MOST_FINDINGS:
            kept = sorted(kept, key=lambda each: each.severity != ERROR)[:MOST_FINDINGS]
            more = [texts.more_findings(MOST_FINDINGS)._replace(severity=kept[0].severity)]
        return [
            Issue(each.severity, each.code, each.type, location_of(each.path, resource, types), each.en, each.zh)
            for each in (*document_order(kept, resource), *more)
        ]


def validator_of(library: Library, terminology: Terminology | None = None) -> Validator:
    """The validator of a library, made once; without terminology that of the packages themselves."""
    key = (id(library), id(terminology))
    made = _validators.get(key)
    if made is None or made.library is not library or terminology not in (None, made.terminology):
        made = Validator(library, terminology)
        if len(_validators) >= _MOST_KEPT:
            _validators.clear()
        _validators[key] = made
    return made


def validate(
    resource: Any,
    *,
    library: Library,
    profiles: Sequence[str] = (),
    terminology: Terminology | None = None,
    resolver: Resolver | None = None,
) -> list[Issue]:
    """Every issue of a resource; see Validator.validate."""
    return validator_of(library, terminology).validate(resource, profiles, resolver=resolver)


def compile_profile(library: Library, url: str, terminology: Terminology | None = None) -> Check | None:
    """The compiled check of a profile, None where the library does not have it or it has no snapshot."""
    return validator_of(library, terminology).compiler.check_of(url)
