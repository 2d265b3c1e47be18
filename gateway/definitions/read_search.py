"""Reads a SearchParameter of FHIR R4 into the values that a search and an index need."""

from typing import Any

import msgspec

from gateway.definitions.model import Component, SearchParameter


class _Component(msgspec.Struct):
    definition: str = ""
    expression: str = ""


class _Parameter(msgspec.Struct, rename="camel"):
    url: str
    code: str
    version: str = ""
    name: str = ""
    status: str = ""
    base: list[str] = []
    type: str = ""
    expression: str = ""
    target: list[str] = []
    comparator: list[str] = []
    modifier: list[str] = []
    chain: list[str] = []
    multiple_or: bool | None = None
    multiple_and: bool | None = None
    component: list[_Component] = []


def read_search_parameter(resource: dict[str, Any], package: str = "") -> SearchParameter:
    """A SearchParameter without prose. msgspec.ValidationError: where its shape is not that of FHIR R4."""
    read = msgspec.convert(resource, _Parameter)
    return SearchParameter(
        url=read.url,
        version=read.version,
        name=read.name,
        code=read.code,
        status=read.status,
        base=tuple(read.base),
        type=read.type,
        expression=read.expression,
        targets=tuple(read.target),
        comparators=tuple(read.comparator),
        modifiers=tuple(read.modifier),
        chains=tuple(read.chain),
        multiple_or=read.multiple_or,
        multiple_and=read.multiple_and,
        components=tuple(Component(each.definition, each.expression) for each in read.component),
        package=package,
    )
