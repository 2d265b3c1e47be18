"""What a narrative may hold: the elements and attributes of XHTML that FHIR R4 section 2.4.3 (txt-1, txt-2) allows."""

import re
from html.entities import name2codepoint
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

XHTML: Final = "{http://www.w3.org/1999/xhtml}"
MAX_TEXT: Final = 1_000_000
_ELEMENTS: Final = frozenset(
    """a abbr acronym address b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6
    hr i img kbd li ol p pre q samp small span strong style sub sup table tbody td tfoot th thead tr tt ul
    var""".split()  # noqa: SIM905
)
_ATTRIBUTES: Final = frozenset(
    """abbr accesskey align alt axis border cellhalign cellpadding cellspacing cellvalign char charoff charset cite
    class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel rev
    rowspan rules scope shape span src start style summary tabindex title type valign value vspace
    width""".split()  # noqa: SIM905
)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_PLAIN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript|data(?!:image/))\s*:", re.IGNORECASE)
MOST_NESTED: Final = 200


def is_narrative(text: str) -> bool:
    """Whether a text is one XHTML div of allowed elements and attributes with some content (text or an image)."""
    if len(text) > MAX_TEXT or "<!" in text.replace("<!--", "") or "<?" in text:
        return False
    root = _read(_ENTITY.sub(_named, text))
    if root is None or root.tag != XHTML + "div":
        return False
    level, content = [root], False
    for _ in range(MOST_NESTED):
        if not level:
            return content
        for element in level:
            if not _is_allowed(element):
                return False
            content = content or _has_content(element)
        level = [child for element in level for child in element]
    return False


def _read(text: str) -> Element | None:
    try:
        return fromstring(text)
    except (ParseError, ValueError):
        return None


def _named(match: re.Match[str]) -> str:
    """HTML names characters that XML does not know."""
    name = match[1]
    return f"&#{name2codepoint[name]};" if name in name2codepoint and name not in _PLAIN else match[0]


def _is_allowed(element: Element) -> bool:
    if not isinstance(element.tag, str) or not element.tag.startswith(XHTML):
        return False
    if element.tag.removeprefix(XHTML) not in _ELEMENTS:
        return False
    return all(_is_fine(name, value) for name, value in element.attrib.items())


def _is_fine(name: str, value: str) -> bool:
    if name == "{http://www.w3.org/XML/1998/namespace}lang":
        return True
    return name in _ATTRIBUTES and not (name in ("href", "src") and _SCRIPT.match(value))


def _has_content(element: Element) -> bool:
    return bool((element.text and element.text.strip()) or (element.tail and element.tail.strip())) or (
        element.tag == XHTML + "img"
    )
