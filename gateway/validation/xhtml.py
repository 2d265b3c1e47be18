"""The narrative: well-formed XHTML of the elements and attributes FHIR R4 allows (section 2.4, txt-1 and txt-2).

One pass of a tokeniser over the text with a stack of open elements: no parser of the world, no entities to expand,
time proportional to the length.
"""

import re
from functools import lru_cache
from html.entities import name2codepoint
from typing import Any, Final

from gateway.validation import texts
from gateway.validation.issue import Finding, Findings

LONGEST: Final = 1024 * 1024
DEEPEST: Final = 200
_LONGEST_REMEMBERED: Final = 200


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ELEMENTS: Final = _words(
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img"
    " li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var"
)
_EVERYWHERE: Final = _words("title style class id lang xml:lang dir accesskey tabindex xmlns")
_CELL: Final = "abbr axis headers scope rowspan colspan align valign char charoff width height bgcolor nowrap"
_ATTRIBUTES: Final = {
    "col colgroup": "span align valign width char charoff",
    "tr tbody thead tfoot": "align valign char charoff",
    "td th": _CELL,
    "a": "href name charset type hreflang rel rev shape coords target",
    "blockquote q": "cite",
    "img": "src alt longdesc height width usemap ismap name border align",
    "table": "summary width border frame rules cellspacing cellpadding align bgcolor",
    "br": "clear",
    "hr": "align size width noshade",
    "div p caption h1 h2 h3 h4 h5 h6": "align",
    "ol ul li dl": "type start compact value",
    "pre": "width xml:space",
}
_ALSO: Final = {name: _words(allowed) for names, allowed in _ATTRIBUTES.items() for name in names.split()}

_TOKEN = re.compile(
    r"""[^<&]+
    |&(?P<entity>[A-Za-z][A-Za-z0-9]{0,31}|\#[0-9]{1,7}|\#x[0-9a-fA-F]{1,6});
    |<!--(?:[^-]|-(?!-))*-->
    |</(?P<close>[A-Za-z][\w:.-]*)\s*>
    |<(?P<open>[A-Za-z][\w:.-]*)(?P<attributes>(?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?P<end>/?)>
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""\s+([A-Za-z_][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*')""")
_ENTITY = re.compile(r"&(?!([A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ACTIVE = re.compile(r"(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
_STYLE = re.compile(
    r"expression\(|@import|javascript:|vbscript:|behavior:|-moz-binding|url\([\"']?data:(?!image/)", re.IGNORECASE
)
_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"


def check_xhtml(value: Any, run: Any) -> Findings:
    """What is wrong with a narrative text: not XHTML, an element or attribute FHIR forbids, nothing to read."""
    if type(value) is not str:
        return [texts.wrong_type("a JSON string with a <div>", "含 <div> 的 JSON 字符串")]
    if not value or value.isspace():
        return [texts.empty()]
    if len(value) > LONGEST:
        return [texts.too_long(value, LONGEST)]
    if _CONTROL.search(value):
        return [_bad("control characters", "控制字符")]
    return _scan(value.strip())


def _scan(text: str) -> Findings:
    open_elements: list[str] = []
    has_content = False
    foreign = ""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() != at:
            break
        at = token.end()
        if name := token["open"]:
            if not open_elements and token.start():
                return [_root()]
            attributes = token["attributes"]
            if attributes or not open_elements or name not in _ELEMENTS:
                judge = _usual_element if len(attributes) < _LONGEST_REMEMBERED else _element
                wrong = judge(name, attributes, not open_elements)
                if wrong:
                    return [wrong]
            has_content = has_content or name == "img"
            if not token["end"]:
                open_elements.append(name)
            if len(open_elements) > DEEPEST:
                return [texts.too_deep()]
        elif name := token["close"]:
            if not open_elements or open_elements.pop() != name:
                return [_bad(f"</{texts.shown(name)}> that closes nothing open", f"不配对的 </{texts.shown(name)}>")]
            if not open_elements and at != len(text):
                return [_root()]
        elif not open_elements:
            return [_root()]
        elif not has_content and not token[0].startswith("<!--"):
            has_content = not token[0].isspace()
        if (entity := token["entity"]) and entity not in _OF_XML and not entity.startswith("#"):
            if entity not in name2codepoint:
                return [_bad(f"the unknown entity &{entity};", f"未知实体 &{entity};")]
            foreign = entity
    if at != len(text):
        return [_bad(f"'{texts.shown(text[at : at + 20])}'", f"“{texts.shown(text[at : at + 20])}”")]
    if open_elements or not text:
        return [_bad(f"<{open_elements[-1]}> that is not closed", f"未关闭的 <{open_elements[-1]}>")]
    if not has_content:
        return [_nothing()]
    return [_entity_of_html(foreign)] if foreign else None


def _element(name: str, attributes: str, root: bool) -> Finding | None:
    if root and name != "div":
        return _root()
    if name not in _ELEMENTS:
        return _bad(f"the element <{texts.shown(name)}>", f"元素 <{texts.shown(name)}>")
    if not attributes:
        return _no_namespace() if root else None
    also = _ALSO.get(name, frozenset())
    seen: set[str] = set()
    for each, quoted in _ATTRIBUTE.findall(attributes):
        value = quoted[1:-1]
        if each in seen or not (each in _EVERYWHERE or each in also):
            return _bad(f"the attribute {texts.shown(each)} of <{name}>", f"<{name}> 的属性 {texts.shown(each)}")
        seen.add(each)
        if _ENTITY.search(value):
            return _bad(f"an unknown entity in {each}", f"{each} 中的未知实体")
        if each in ("href", "src", "cite", "longdesc") and _ACTIVE.match(_plain(value)):
            return _bad(f"active content in {each}", f"{each} 中的活动内容")
        if each == "style" and _STYLE.search(_plain(value)):
            return _bad("active content in style", "style 中的活动内容")
        if each == "xmlns" and value != _NAMESPACE:
            return _no_namespace()
    return _no_namespace() if root and "xmlns" not in seen else None


_usual_element = lru_cache(maxsize=4096)(_element)
"""The same tags come again and again; long ones are not remembered."""


def _plain(value: str) -> str:
    """An attribute as a browser reads it: character references resolved, spaces and control characters gone."""

    def character(match: re.Match[str]) -> str:
        number = int(match[1], 16) if match[1] else int(match[2])
        return chr(number) if 0 < number < 0x110000 else ""

    return "".join(each for each in _REFERENCE.sub(character, value) if each.isprintable() and each != " ")


def _bad(en: str, zh: str) -> Finding:
    return texts.error(
        "bad-narrative",
        "invalid",
        f"the narrative holds {en}: send plain XHTML (formatting, lists, tables, links, images)",
        f"叙述文本含有{zh}:只能使用简单 XHTML(格式、列表、表格、链接、图片)",
    )


def _entity_of_html(name: str) -> Finding:
    return texts.error(
        "narrative-entity",
        "invalid",
        f"&{name}; is an entity of HTML that XML does not have: send the character itself",
        f"&{name}; 是 HTML 实体,XML 中不存在:请直接使用该字符",
    )


def _root() -> Finding:
    return texts.error(
        "bad-narrative",
        "invalid",
        "the narrative is not one <div>: put all of it inside one",
        "叙述文本应为一个 <div>:请将全部内容放入其中",
    )


def _no_namespace() -> Finding:
    return texts.error(
        "narrative-namespace",
        "invalid",
        f'the narrative\'s <div> does not say its namespace: send <div xmlns="{_NAMESPACE}">',
        f'叙述文本的 <div> 缺少命名空间:应为 <div xmlns="{_NAMESPACE}">',
    )


def _nothing() -> Finding:
    return texts.error(
        "empty-narrative",
        "invalid",
        "the narrative has nothing to read: send some text or an image, or leave it out",
        "叙述文本没有内容:请填写文字或图片,或不发送",
    )
