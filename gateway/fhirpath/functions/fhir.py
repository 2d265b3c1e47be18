"""The functions FHIR R4 adds to FHIRPath (R4, "FHIRPath", section 2.9.1.4 Additional functions)."""

from collections.abc import Callable
from typing import Any, Final

from gateway.fhirpath.code import Code, Context, Static, from_many, from_one, from_test, plain
from gateway.fhirpath.functions.scalar import TEXTS, checked
from gateway.fhirpath.html import is_narrative
from gateway.fhirpath.model import Item, type_of_json
from gateway.fhirpath.problems import modifier_extension, refuse
from gateway.fhirpath.site import Function, Site

_BASE: Final = "http://hl7.org/fhir/StructureDefinition/"


def _extension(site: Site) -> Code:
    """The extensions of a url, of elements and of primitives."""
    items_of, url_of = site.source.many, site.argument(0).one

    def many(this: Item, context: Context) -> list[Item]:
        url = url_of(this, context)
        if url is None:
            return []
        found: list[Item] = []
        for item in items_of(this, context):
            if type(item) is tuple:
                json = item[0] if type(item[0]) is dict else item[2]
                extensions = json.get("extension") if type(json) is dict else None
                if type(extensions) is list:
                    found += [
                        (each, "Extension", None)
                        for each in extensions
                        if type(each) is dict and each.get("url") == url
                    ]
        context.spent += len(found)
        return found

    return from_many(many, Static(("Extension",), True), site.place)


def _has_extension(site: Site) -> Code:
    """Whether there is an extension of the url; search parameters of R4 core use it."""
    many = _extension(site).many
    return from_test(lambda this, context: bool(many(this, context)))


def _value_of(item: Item, context: Context) -> Any:
    """The value of a primitive, None for anything else."""
    if type(item) is not tuple:
        return item
    json = item[0]
    if json is None or type(json) in (dict, list):
        return None
    return plain(item) if not item[1] or context.model.types.is_primitive(item[1]) else None


def _has_value(site: Site) -> Code:
    items_of = site.source.many

    def test(this: Item, context: Context) -> bool:
        items = items_of(this, context)
        return len(items) == 1 and _value_of(items[0], context) is not None

    return from_test(test)


def _get_value(site: Site) -> Code:
    items_of = site.source.many

    def one(this: Item, context: Context) -> Any:
        items = items_of(this, context)
        return _value_of(items[0], context) if len(items) == 1 else None

    return from_one(one, Static(None, False))


def _resolve(site: Site) -> Code:
    """The resources that References, canonicals and uris point to; what is not found is left out."""
    items_of = site.source.many

    def many(this: Item, context: Context) -> list[Item]:
        found: list[Item] = []
        for item in items_of(this, context):
            reference = _reference(item)
            if reference:
                resource = _contained(reference, context) or (
                    None if reference.startswith("#") else context.host.resolve(reference)
                )
                if type(resource) is dict:
                    found.append((resource, type_of_json(resource), None))
        return found

    return from_many(many, Static(None, site.source.static.many), site.place)


def _reference(item: Item) -> str:
    json = item[0] if type(item) is tuple else item
    said = json.get("reference") if type(json) is dict else json
    return said if type(said) is str else ""


def _contained(reference: str, context: Context) -> dict[str, Any] | None:
    """A resource inside %rootResource: `#id`; `#` alone is that resource itself."""
    if not reference.startswith("#"):
        return None
    for holder in (context.root, context.resource):
        json = holder[0] if type(holder) is tuple else None
        if type(json) is not dict:
            continue
        if reference == "#":
            return json
        inside = json.get("contained")
        for each in inside if type(inside) is list else ():
            if type(each) is dict and each.get("id") == reference[1:]:
                return each
    return None


def _asked(ask: Callable[[Any, str, Any, Context], bool | None], argument_is_text: bool) -> Callable[[Site], Code]:
    """A function of one item that the host answers."""

    def build(site: Site) -> Code:
        items_of, argument = site.source.many, site.argument(0)

        def test(this: Item, context: Context) -> bool | None:
            items = items_of(this, context)
            if len(items) != 1:
                return None
            item = items[0]
            json, of = (item[0], item[1]) if type(item) is tuple else (item, "")
            if argument_is_text:
                other = argument.one(this, context)
                return None if other is None else ask(json, of, checked(other, TEXTS, site), context)
            others = argument.many(this, context)
            if len(others) != 1:
                return None
            return ask(json, of, others[0][0] if type(others[0]) is tuple else others[0], context)

        return from_test(test)

    return build


def _member_of(json: Any, of: str, value_set: Any, context: Context) -> bool | None:
    return context.host.member_of(json, value_set)


def _conforms_to(json: Any, of: str, profile: Any, context: Context) -> bool | None:
    """A base type of FHIR is judged by the type alone; a profile by the host."""
    name = profile.removeprefix(_BASE)
    if of and name != profile and context.model.types.knows(name):
        return context.model.types.is_a(of, name)
    return context.host.conforms_to(json, of, profile)


def _subsumes(json: Any, of: str, other: Any, context: Context) -> bool | None:
    return context.host.subsumes(json, other)


def _subsumed_by(json: Any, of: str, other: Any, context: Context) -> bool | None:
    return context.host.subsumes(other, json)


def _html_checks(site: Site) -> Code:
    """Whether a narrative obeys the rules for XHTML of R4 (txt-1 and txt-2)."""
    items_of = site.source.many

    def test(this: Item, context: Context) -> bool | None:
        items = items_of(this, context)
        if not items:
            return None
        text = items[0][0] if type(items[0]) is tuple else items[0]
        return len(items) == 1 and type(text) is str and is_narrative(text)

    return from_test(test)


def _check_modifiers(site: Site) -> Code:
    """The source, if none of its elements has a modifier extension but the ones named; else a refusal."""
    items_of, named = site.source.many, [site.argument(n).many for n in range(len(site.arguments))]

    def many(this: Item, context: Context) -> list[Item]:
        items = items_of(this, context)
        known = {plain(each) for part in named for each in part(this, context)}
        for item in items:
            json = item[0] if type(item) is tuple and type(item[0]) is dict else {}
            modifiers = json.get("modifierExtension")
            for each in modifiers if type(modifiers) is list else ():
                if type(each) is not dict or each.get("url") not in known:
                    refuse(modifier_extension(site.place.where))
        return items

    return from_many(many, site.source.static, site.place)


TABLE: Final = {
    "extension": Function(1, 1, _extension),
    "hasExtension": Function(1, 1, _has_extension),
    "hasValue": Function(0, 0, _has_value),
    "getValue": Function(0, 0, _get_value),
    "resolve": Function(0, 0, _resolve),
    "memberOf": Function(1, 1, _asked(_member_of, True)),
    "conformsTo": Function(1, 1, _asked(_conforms_to, True)),
    "subsumes": Function(1, 1, _asked(_subsumes, False)),
    "subsumedBy": Function(1, 1, _asked(_subsumed_by, False)),
    "htmlChecks": Function(0, 0, _html_checks),
    "checkModifiers": Function(0, 20, _check_modifiers),
}
