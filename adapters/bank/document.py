"""Bytes of an ISO 20022 file to an element tree without namespaces, or a refusal.

The character set is settled here and not by the XML parser, because banks send GB 18030, which the parser cannot
read, and because a wrong byte must be refused and never replaced. Documents with a DTD or entities are refused
before anything in them is expanded.
"""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from gateway.kernel.problem import Kind, Problem, Refusal

MAX_BYTES = 32 * 1024 * 1024
MAX_TAGS = 2_000_000
NOTIFICATION, STATEMENT, STATUS = "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt", "CstmrPmtStsRpt"
MESSAGES = {
    "camt.054": (NOTIFICATION, ("02", "03", "04", "05", "06", "07", "08")),
    "camt.053": (STATEMENT, ("02", "03", "04", "05", "06", "07", "08")),
    "pain.002": (STATUS, ("03", "04", "05", "06", "07", "08", "09", "10")),
}
"""What is read: the element below Document, and the versions, by message."""

_DECLARED = re.compile(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CODECS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii"} | dict.fromkeys(
    ("gb18030", "gbk", "gb2312", "gb18030-2000", "cp936"), "gb18030"
)
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(?P<message>[a-z]{4}\.\d{3}\.\d{3}\.(?P<version>\d\d))\}")


def read_document(body: bytes) -> Element:
    """The `Document` element of a file, its ISO namespace taken off every tag; its first child says which message.

    Refusal with `file-too-large`, `charset-unsupported`, `bad-charset`, `xml-forbidden`, `xml-malformed` or
    `camt-version`. Standard: ISO 20022, the messages and versions of `MESSAGES`; the namespace names the version.
    """
    if len(body) > MAX_BYTES or body.count(b"<") > MAX_TAGS:
        raise Refusal(_too_large())
    root = _parse(read_text(body))
    found = _NAMESPACE.match(root.tag)
    body_name, versions = MESSAGES.get(found["message"][:8], ("", ())) if found else ("", ())
    if found is None or found["message"][8:13] != ".001." or found["version"] not in versions:
        raise Refusal(_wrong_message(found["message"] if found else ""))
    prefix = found[0]
    for element in root.iter():
        element.tag = element.tag.removeprefix(prefix)
    if root.tag != "Document" or root.find(body_name) is None:
        raise Refusal(_wrong_message(found["message"]))
    return root


def read_text(body: bytes, *, otherwise: str = "utf-8") -> str:
    """The characters of a file, by its XML declaration, else in the `otherwise` character set. Refusal: see above."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(_unknown_charset("UTF-16"))
    declared = _DECLARED.match(body.removeprefix(b"\xef\xbb\xbf").lstrip())
    name = declared[1].decode("ascii").lower() if declared else otherwise
    codec = _CODECS.get(name)
    if codec is None:
        raise Refusal(_unknown_charset(name))
    try:
        return body.removeprefix(b"\xef\xbb\xbf").decode(codec).lstrip()
    except UnicodeDecodeError as error:
        raise Refusal(_bad_charset(name, error.start)) from None


def _parse(text: str) -> Element:
    try:
        root: Element = ElementTree.fromstring(text, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise Refusal(_forbidden()) from None
    except (ParseError, ValueError) as error:
        line, column = getattr(error, "position", (0, 0))
        raise Refusal(_malformed(line, column)) from None
    return root


def _too_large() -> Problem:
    return Problem(
        Kind.TOO_LARGE,
        "file-too-large",
        "",
        f"the file is over {MAX_BYTES} bytes or {MAX_TAGS} tags: send the entries in several files",
        f"文件超过{MAX_BYTES}字节或{MAX_TAGS}个标签:请分多个文件报送",
    )


def _unknown_charset(name: str) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "charset-unsupported",
        "encoding",
        f"the character set {name} is not read here: send UTF-8 or GB18030 and name it in the XML declaration",
        f"不支持字符集{name}:请使用UTF-8或GB18030,并在XML声明中注明",
    )


def _bad_charset(name: str, offset: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "bad-charset",
        f"byte {offset}",
        f"the bytes from offset {offset} are not {name}: declare the character set the file is really written in",
        f"第{offset}字节起不符合{name}编码:请声明文件实际使用的字符集",
    )


def _forbidden() -> Problem:
    return Problem(
        Kind.MALFORMED,
        "xml-forbidden",
        "",
        "the XML has a document type, entities or external references: send the message without DOCTYPE",
        "XML含有DOCTYPE、实体或外部引用:请发送不含DOCTYPE的报文",
    )


def _malformed(line: int, column: int) -> Problem:
    return Problem(
        Kind.MALFORMED,
        "xml-malformed",
        f"line {line}, column {column}",
        "the XML is cut short or not well-formed here: send the whole file again",
        "XML在此处不完整或格式错误:请重新发送完整文件",
    )


def _wrong_message(name: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "camt-version",
        "Document",
        f"'{name or 'no ISO 20022 namespace'}' is not read here: "
        "send camt.053 or camt.054 (.001.02 to .001.08) or pain.002 (.001.03 to .001.10) with its own namespace",
        f"不支持“{name or '无ISO 20022命名空间'}”:请发送camt.053、camt.054(.001.02至.001.08)"
        "或pain.002(.001.03至.001.10),并使用相应命名空间",
    )
