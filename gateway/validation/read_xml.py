"""FHIR XML (R4 section 2.6.1) to the same plain values as JSON, with what is wrong with the XML itself.

Elements of the FHIR namespace in the order of the definition, primitive values in the attribute `value`, ids and urls
as attributes, XHTML kept as text. No entities, no document type: hostile XML is refused by defusedxml.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gateway.definitions.types import Child, Types
from gateway.validation import texts
from gateway.validation.issue import MOST_FINDINGS, Finding
from gateway.validation.read_json import MOST_BYTES, Text, too_large

FHIR: Final = "{http://hl7.org/fhir}"
XHTML: Final = "{http://www.w3.org/1999/xhtml}"
DEEPEST: Final = 100

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,60})(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_WHOLE_TYPES: Final = frozenset({"integer", "positiveInt", "unsignedInt"})
_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def read_xml(body: bytes, types: Types) -> Text:
    """The resource of an XML text; findings not-xml, text-too-large, xml-namespace, xml-order, … with their paths."""
    if len(body) > MOST_BYTES:
        return Text(None, [too_large(len(body), MOST_BYTES)])
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        return Text(None, [_wrong("not-xml", "a document type or entities", "文档类型或实体")])
    except (ParseError, UnicodeDecodeError, ValueError, LookupError) as error:
        return Text(
            None, [_wrong("not-xml", f"no XML ({texts.shown(str(error))})", f"非法 XML({texts.shown(str(error))})")]
        )
    wrong: list[Finding] = []
    if not root.tag.startswith(FHIR):
        return Text(
            None, [_wrong("xml-namespace", "a root outside of http://hl7.org/fhir", "根元素不在 FHIR 命名空间")]
        )
    value = _resource(root, "", types, wrong, 0)
    return Text(value, wrong[: MOST_FINDINGS + 1])


def _resource(node: Element, path: str, types: Types, wrong: list[Finding], depth: int) -> dict[str, Any]:
    name = node.tag.removeprefix(FHIR)
    made: dict[str, Any] = {"resourceType": name}
    if types.is_resource(name):
        made.update(_object(node, name, path, types, wrong, depth))
    return made


def _object(node: Element, type_path: str, path: str, types: Types, wrong: list[Finding], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in node.attrib.items():
        if name in ("id", "url") and name in types.children(type_path):
            made[name] = value
        elif name != _SCHEMA and not name.startswith("{http://www.w3.org/XML"):
            wrong.append(
                _wrong("xml-attribute", f"the attribute {texts.shown(name)}", f"属性 {texts.shown(name)}", path)
            )
    if depth > DEEPEST:
        wrong.append(texts.too_deep()._replace(path=path))
        return made
    if (node.text and node.text.strip()) or any(each.tail and each.tail.strip() for each in node):
        wrong.append(_wrong("xml-text", "text between elements", "元素之间的文字", path))
    last = -1
    counts: dict[str, int] = {}
    for child in node:
        if len(wrong) > MOST_FINDINGS:
            break
        found = _find(child.tag, type_path, types)
        tag = str(child.tag).rpartition("}")[2]
        if found is None:
            made[tag] = {}
            continue
        position, name, of, element = found
        place = f"{path}.{tag}" + (f"[{counts.get(tag, 0)}]" if element.many else "")
        if position < last:
            wrong.append(_wrong("xml-order", f"'{tag}' behind a later element", f"元素“{tag}”顺序不符", place))
        last = max(last, position)
        _put(made, tag, child, of, element, place, types, wrong, depth)
        counts[tag] = counts.get(tag, 0) + 1
    return made


def _find(tag: Any, type_path: str, types: Types) -> tuple[int, str, str, Child] | None:
    """Position in the definition, element name, type path of the value, and the element of a tag."""
    text = str(tag)
    if not text.startswith(FHIR) and text != f"{XHTML}div":
        return None
    bare = text.rpartition("}")[2]
    name, of = types.json_names(type_path).get(bare, ("", ""))
    if not name:
        return None
    children = types.children(type_path)
    return list(children).index(name), name, of, children[name]


def _put(
    made: dict[str, Any],
    tag: str,
    child: Element,
    of: str,
    element: Child,
    place: str,
    types: Types,
    wrong: list[Finding],
    depth: int,
) -> None:
    value, beside = _value(child, of, place, types, wrong, depth)
    if element.many:
        here = made.setdefault(tag, [])
        if isinstance(here, list):
            here.append(value)
        if types.is_primitive(of):
            siblings = made.setdefault(f"_{tag}", [])
            siblings.append(beside)
        return
    if tag in made or f"_{tag}" in made:
        wrong.append(_wrong("xml-repeated", f"'{tag}' twice", f"元素“{tag}”重复", place))
    if value is not None or beside is None:
        made[tag] = value if value is not None else {} if not types.is_primitive(of) else ""
    if beside is not None:
        made[f"_{tag}"] = beside


def _value(
    child: Element, of: str, place: str, types: Types, wrong: list[Finding], depth: int
) -> tuple[Any, dict[str, Any] | None]:
    """A value and, of a primitive, its id and extensions."""
    if child.tag == f"{XHTML}div" or of == "xhtml":
        return _xhtml(child), None
    if of in ("Resource", "DomainResource", ""):
        inside = list(child)
        if len(inside) != 1:
            wrong.append(
                _wrong("xml-resource", f"{len(inside)} resources in one element", "一个元素中的多个资源", place)
            )
        return (_resource(inside[0], place, types, wrong, depth + 1) if inside else {}), None
    if not types.is_primitive(of):
        return _object(child, of, place, types, wrong, depth + 1), None
    text = child.attrib.get("value")
    rest = {name: value for name, value in child.attrib.items() if name == "id"}
    extensions = [
        _object(each, "Extension", f"{place}.extension[{at}]", types, wrong, depth + 1)
        for at, each in enumerate(child)
        if each.tag == f"{FHIR}extension"
    ]
    beside: dict[str, Any] | None = {**rest, **({"extension": extensions} if extensions else {})} or None
    if any(name not in ("id", "value") for name in child.attrib) or any(e.tag != f"{FHIR}extension" for e in child):
        wrong.append(_wrong("xml-attribute", "more than value, id and extensions", "value、id 和扩展以外的内容", place))
    return (None if text is None else _primitive(text, of)), beside


def _primitive(text: str, of: str) -> Any:
    """The JSON value of an XML text; what does not fit stays text, which the check of its type refuses."""
    if of == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if of in _WHOLE_TYPES:
        return int(text) if _WHOLE.fullmatch(text) else text
    if of == "decimal" and _NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    return text


def _xhtml(node: Element) -> str:
    """XHTML as text, in the default namespace."""
    return "".join(_tags(node, top=True))


def _tags(top_node: Element, *, top: bool) -> Iterator[str]:
    """Start and end tags and text in order, without recursion."""
    left: list[tuple[Element, bool]] = [(top_node, False)]
    while left:
        node, closing = left.pop()
        name = _local(node.tag)
        if closing:
            yield f"</{name}>"
            if node is not top_node and node.tail:
                yield _escaped(node.tail)
            continue
        space = ' xmlns="http://www.w3.org/1999/xhtml"' if node is top_node and node.tag.startswith(XHTML) else ""
        attributes = "".join(f' {_local(key)}="{_escaped(value)}"' for key, value in node.attrib.items())
        yield f"<{name}{space}{attributes}>"
        if node.text:
            yield _escaped(node.text)
        left.append((node, True))
        left.extend((each, False) for each in reversed(node))


def _local(tag: str) -> str:
    if tag.startswith("{http://www.w3.org/XML/1998/namespace}"):
        return "xml:" + tag.rpartition("}")[2]
    return tag.removeprefix(XHTML)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _wrong(code: str, en: str, zh: str, path: str = "") -> Finding:
    return texts.error(
        code,
        "structure",
        f"the XML holds {en}: send FHIR XML as section 2.6.1 of R4 describes it",
        f"XML 中含有{zh}:请按 FHIR R4 XML 格式发送",
        path,
    )
