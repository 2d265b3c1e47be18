"""Elements of a snapshot compiled: children, choices, slices, values; from the leaves up to the object around them."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from gateway.definitions.model import ElementDef, TypeRef
from gateway.validation import texts
from gateway.validation.bindings import binding_rules, code_check
from gateway.validation.concepts import remembered, stands_alone
from gateway.validation.extensions import extension_check
from gateway.validation.facets import facet_rules
from gateway.validation.issue import Check, Findings
from gateway.validation.primitives import PRIMITIVES
from gateway.validation.references import reference_rule, targets_of
from gateway.validation.resources import any_of, resource_check, unknown_profile
from gateway.validation.shape import Maker, Scope, Shape
from gateway.validation.slices import of_type, slices_of
from gateway.validation.slicing import Slices, missing_slices, sliced_list, sliced_one
from gateway.validation.tree import Node, find
from gateway.validation.walk import (
    forbidden,
    list_check,
    nested,
    nothing,
    object_check,
    or_null,
    with_rules,
)

_EXTENSIONS: Final = ("extension", "modifierExtension")
_ABSTRACT: Final = frozenset({"Resource", "DomainResource"})
_NESTED: Final = frozenset({"BackboneElement", "Element"})


class Place(NamedTuple):
    """Where an element lies: its name in the type around, the type path to go on with, whether it repeats, and what
    contexts of extensions call the type around."""

    name: str
    owner: str
    path: str
    many: bool
    around: frozenset[str]


def object_shape(node: Node, type_path: str, scope: Scope, rules: Sequence[Check], maker: Maker) -> Shape:
    """The children of a node; what a snapshot leaves out is taken from the type itself."""
    types = maker.types
    children: dict[str, Check] = {"resourceType": nothing} if types.is_resource(type_path) else {}
    required: list[str] = []
    choices: list[tuple[str, frozenset[str], bool]] = []
    laws = list(rules)
    around = names_of(type_path, types, scope.url)
    fallback = _base_children(type_path, maker)
    for name, child in types.children(type_path).items():
        key = f"{name}[x]" if child.choice else name
        sub = node.children.get(key) or fallback.get(key)
        place = Place(name, type_path, child.path, child.many, around)
        if child.choice:
            sub = _renamed(node, name, child.types) or sub
            if sub is not None:
                choices.append(_choice(sub, child.types, place, scope, maker, children, required))
        elif sub is not None:
            _child(sub, place, scope, maker, children, laws)
            if (sub.element.min or 0) > 0:
                required.append(name)
    many = {name for name, child in types.children(type_path).items() if child.many}
    lists = frozenset(many | {f"_{name}" for name in many})
    return Shape(children, tuple(required), tuple(choices), tuple(laws), lists)


def names_of(type_path: str, types: Any, extension_url: str) -> frozenset[str]:
    """What contexts of extensions call a type: its path and every type it specialises."""
    names = {type_path}
    base: str | None = type_path
    while base and len(names) < 20:
        names.add(base)
        base = types.base_of(base)
    if extension_url:
        names.add(extension_url)
    return frozenset(names)


def _base_children(type_path: str, maker: Maker) -> dict[str, Node]:
    type_name = type_path.partition(".")[0]
    tree = maker.tree(type_name)
    node = find(tree, type_path) if tree is not None else None
    return node.children if node is not None else {}


def _renamed(node: Node, name: str, types: Sequence[str]) -> Node | None:
    """A choice that a snapshot names by its one type ("valueQuantity" in place of "value[x]")."""
    for each in types:
        found = node.children.get(name + each[:1].upper() + each[1:])
        if found is not None:
            return found
    return None


def _prohibited(element: ElementDef) -> bool:
    return element.max == 0 and not element.unbounded


def _high(element: ElementDef) -> int | None:
    return None if element.unbounded else element.max


def _child(sub: Node, place: Place, scope: Scope, maker: Maker, children: dict[str, Check], laws: list[Check]) -> None:
    name = place.name
    if _prohibited(sub.element):
        children[name] = children[f"_{name}"] = forbidden(scope.label)
        return
    type_name = _type_name(sub.element, place)
    item = item_check(sub, sub.element.types, type_name, place, scope, maker)
    primitive = type_name in PRIMITIVES
    slices = slices_of(sub, lambda each: _slice_item(each, sub, type_name, place, scope, maker), item, scope, maker)
    if slices is not None and any(each.low for each in slices.slices):
        laws.append(_absent(name, slices))
    low, high = sub.element.min or 0, _high(sub.element)
    if not place.many:
        children[name] = sliced_one(slices) if slices is not None else item
    elif slices is not None:
        children[name] = sliced_list(slices, low=low, high=high)
    else:
        children[name] = list_check(or_null(item) if primitive else item, low=low, high=high)
    if primitive and type_name != "xhtml":
        beside = _sibling(sub, type_name, place, scope, maker)
        children[f"_{name}"] = list_check(_null_or(beside)) if place.many else beside
        laws.extend(_must_extend(sub, name))


def _choice(
    sub: Node,
    types: Sequence[str],
    place: Place,
    scope: Scope,
    maker: Maker,
    children: dict[str, Check],
    required: list[str],
) -> tuple[str, frozenset[str], bool]:
    names: list[str] = []
    allowed = {ref.code: ref for ref in sub.element.types}
    typed, closed = of_type(sub)
    for code in types:
        name = place.name + code[:1].upper() + code[1:]
        names.append(name)
        slice_node = typed.get(code)
        element = slice_node.element if slice_node is not None else sub.element
        if _prohibited(sub.element) or _prohibited(element):
            children[name] = children[f"_{name}"] = forbidden(scope.label)
        elif code not in allowed or (closed and slice_node is None):
            children[name] = children[f"_{name}"] = _type_not_allowed(code, sorted(allowed), scope.label)
        else:
            children[name] = _typed(slice_node or sub, sub, code, place, scope, maker)
            if slice_node is not None and (element.min or 0) > 0:
                required.append(name)
            if code in PRIMITIVES:
                children[f"_{name}"] = _sibling(slice_node or sub, code, place, scope, maker)
    return (f"{place.name}[x]", frozenset(names), (sub.element.min or 0) > 0)


def _typed(node: Node, base: Node, code: str, place: Place, scope: Scope, maker: Maker) -> Check:
    """The value of a choice in one of its types."""
    refs = [ref for ref in (node.element.types or base.element.types) if ref.code == code]
    refs = refs or [ref for ref in base.element.types if ref.code == code]
    at = place._replace(path=code, many=False)
    if not node.children and len(base.element.types) == 1:
        node = Node(node.element, base.children, node.slices)
    item = item_check(node, refs, code, at, scope, maker)
    slices = None
    if node is base or node.element is base.element:
        slices = slices_of(base, lambda each: _slice_item(each, base, code, at, scope, maker), item, scope, maker)
    return sliced_one(slices, code) if slices is not None else item


def _slice_item(node: Node, base: Node, type_name: str, place: Place, scope: Scope, maker: Maker) -> Check:
    """What a member of a slice must be; where the slice says nothing of its children, what its base says."""
    if not node.children:
        node = Node(node.element, base.children, node.slices)
    return item_check(node, node.element.types or base.element.types, type_name, place, scope, maker)


def _type_name(element: ElementDef, place: Place) -> str:
    if element.content_reference or place.path != (element.types[0].code if element.types else ""):
        return place.path
    return element.types[0].code


def item_check(node: Node, refs: Sequence[TypeRef], type_name: str, place: Place, scope: Scope, maker: Maker) -> Check:
    """One value of one type at an element: its type, its profiles, and all the element says of it."""
    check = _item_check(node, refs, type_name, place, scope, maker)
    profiled = any(ref.profiles for ref in refs)
    return remembered(check) if type_name == "CodeableConcept" and not profiled and stands_alone(node) else check


def _item_check(node: Node, refs: Sequence[TypeRef], type_name: str, place: Place, scope: Scope, maker: Maker) -> Check:
    element = node.element
    code = refs[0].code if refs else type_name
    rules = facet_rules(element, type_name)
    if type_name in PRIMITIVES:
        return _primitive(element, type_name, rules, maker)
    if element.content_reference:
        return with_rules(_content(element.content_reference, place, scope, maker), rules)
    if _is_resource(refs, maker):
        return with_rules(_resource(refs, place, maker), rules)
    rules += binding_rules(code, element.binding, maker.terminology)
    if code == "Reference":
        rules.append(reference_rule(targets_of(refs, maker.type_of), maker.conforms))
    if place.name in _EXTENSIONS and not any(ref.profiles for ref in refs) and not node.children:
        base = _plain("Extension", element, [], maker)
        modifier = place.name == "modifierExtension"
        check = extension_check(base, place.around, maker.extension, modifier=modifier, owner_url=scope.url)
        return with_rules(check, rules)
    if node.children:
        nested_in = code in _NESTED
        rules += maker.rules_of(element.constraints, type_name)
        if not nested_in:
            rules += _root_rules(code, element, maker)
        made = object_shape(node, type_name, scope, rules, maker).check()
        return _with_profiles(made, refs, element, maker) if any(ref.profiles for ref in refs) else made
    profiles = [url for ref in refs for url in ref.profiles]
    if profiles:
        return _by_profile(profiles, code, element, rules, maker)
    return _plain(code, element, rules, maker)


def _primitive(element: ElementDef, type_name: str, rules: list[Check], maker: Maker) -> Check:
    first = PRIMITIVES[type_name]
    more = maker.rules_of(element.constraints, type_name)
    if type_name == "code":
        bound = code_check(first, element.binding, maker.terminology)
        if bound is not None:
            return with_rules(bound, [*rules, *more])
    return with_rules(first, [*rules, *binding_rules(type_name, element.binding, maker.terminology), *more])


def _plain(code: str, element: ElementDef, rules: list[Check], maker: Maker) -> Check:
    """A value of a type without a profile; in itself, through a link that counts depth."""
    shape = maker.shape_of(code)
    if shape is None:
        link = nested(lambda: maker.check_of(code) or nothing)
        return with_rules(link, [*rules, *_own_rules(code, element, maker)])
    return shape.check([*rules, *_own_rules(code, element, maker)])


def _own_rules(code: str, element: ElementDef, maker: Maker) -> list[Check]:
    """Invariants an element says beyond those of its type."""
    tree = maker.tree(code)
    known = {each.key for each in tree.element.constraints} if tree is not None else set()
    return maker.rules_of([each for each in element.constraints if each.key not in known], code)


def _root_rules(code: str, element: ElementDef, maker: Maker) -> list[Check]:
    """Invariants of a type that an element with children of its own does not repeat."""
    tree = maker.tree(code)
    said = {each.key for each in element.constraints}
    return maker.rules_of([each for each in tree.element.constraints if each.key not in said], code) if tree else []


def _by_profile(profiles: Sequence[str], code: str, element: ElementDef, rules: list[Check], maker: Maker) -> Check:
    checks = [(url, check) for url in profiles if (check := maker.check_of(url)) is not None]
    if len(checks) < len(profiles):
        missing = next(url for url in profiles if maker.check_of(url) is None)
        maker.problems.append(f"profile {missing}")
        told = [unknown_profile(missing)]
        return with_rules(_plain(code, element, rules, maker), [lambda value, run: told])
    return with_rules(any_of(checks), [*rules, *_own_rules(code, element, maker)])


def _with_profiles(made: Check, refs: Sequence[TypeRef], element: ElementDef, maker: Maker) -> Check:
    """An element that says children of its own and has a profile too: both hold."""
    checks = [(url, check) for ref in refs for url in ref.profiles if (check := maker.check_of(url)) is not None]
    return with_rules(any_of(checks), [made]) if checks else made


def _content(reference: str, place: Place, scope: Scope, maker: Maker) -> Check:
    """What a content reference points to, in this snapshot or in the type; a link, since it may lie inside itself."""
    id = reference.partition("#")[2]
    made = scope.references.get(id)
    if made is not None:
        return made
    tree = maker.tree(id.partition(".")[0])
    node = find(scope.root, id) or (find(tree, id) if tree is not None else None)
    if node is None:
        return nothing

    def make() -> Check:
        rules = maker.rules_of(node.element.constraints, place.path)
        return object_shape(node, place.path, scope, rules, maker).check()

    made = scope.references[id] = nested(make)
    return made


def _is_resource(refs: Sequence[TypeRef], maker: Maker) -> bool:
    return bool(refs) and all(maker.types.is_resource(ref.code) for ref in refs)


def _resource(refs: Sequence[TypeRef], place: Place, maker: Maker) -> Check:
    codes = {ref.code for ref in refs}
    allowed = frozenset() if codes & _ABSTRACT else frozenset(codes)
    profiles = [url for ref in refs for url in ref.profiles]
    contained = place.name == "contained"
    return resource_check(allowed, profiles, maker.check_of, maker.type_of, contained=contained)


def _sibling(sub: Node, type_name: str, place: Place, scope: Scope, maker: Maker) -> Check:
    """The `_name` object of a primitive: its id and extensions."""

    def make() -> Check:
        around = frozenset({f"{place.owner}.{place.name}", type_name, "Element", scope.url or type_name})
        at = Place("extension", type_name, "Extension", True, around)
        children: dict[str, Check] = {"id": PRIMITIVES["string"]}
        base = _base_children(type_name, maker)
        node = sub.children.get("extension") or base.get("extension")
        if node is not None:
            _child(node, at, scope, maker, children, [])
        return object_check(children, many=frozenset({"extension"}), beside=True)

    return nested(make)


def _null_or(check: Check) -> Check:
    return lambda value, run: None if value is None else check(value, run)


def _must_extend(sub: Node, name: str) -> list[Check]:
    """A primitive with an extension that must be there needs its sibling."""
    extension = sub.children.get("extension")
    wanted = [each for each in extension.slices.values() if each.element.min] if extension is not None else []
    if not wanted:
        return []
    wrong = [texts.missing(f"._{name}.extension")._replace(code="missing-slice", path=f".{name}") for each in wanted]
    return [lambda node, run: wrong if name in node and f"_{name}" not in node else None]


def _absent(name: str, slices: Slices) -> Check:
    wrong = [each._replace(path=f".{name}") for each in missing_slices(slices)]

    def rule(node: Any, run: Any) -> Findings:
        return None if name in node or f"_{name}" in node else wrong

    return rule


def _type_not_allowed(code: str, allowed: Sequence[str], label: str) -> Check:
    wrong = [
        texts.error(
            "type-not-allowed",
            "structure",
            f"{label} does not allow the type {code} here: send {texts.listed(allowed)}",
            f"规范 {label} 在此不允许类型 {code}:应为 {texts.listed(allowed)}",
        )
    ]
    return lambda value, run: wrong
