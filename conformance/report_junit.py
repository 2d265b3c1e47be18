"""The results as JUnit XML, which every build server reads: one suite a group, one case a check."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as tree

from conformance.checks import Result, Verdict

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[Result], *, base: str, began_at: str) -> bytes:
    """UTF-8 XML. What was not asked or is not offered is skipped, with the word for it as message."""
    root = tree.Element("testsuites", name=f"conformance of {base}")
    for group in dict.fromkeys(each.check.group for each in results):
        own = [each for each in results if each.check.group == group]
        failures = sum(each.verdict is Verdict.FAILED for each in own)
        skipped = sum(each.verdict in (Verdict.NOT_ASKED, Verdict.NOT_OFFERED) for each in own)
        suite = tree.SubElement(
            root,
            "testsuite",
            name=group,
            timestamp=began_at.removesuffix("Z"),
            tests=str(len(own)),
            failures=str(failures),
            errors="0",
            skipped=str(skipped),
            time=_seconds(sum(_millis(each) for each in own)),
        )
        for each in own:
            _case(suite, each)
    written: bytes = tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: tree.Element, result: Result) -> None:
    check = result.check
    case = tree.SubElement(
        suite, "testcase", classname=f"conformance.{check.group}", name=check.name, time=_seconds(_millis(result))
    )
    if result.verdict is Verdict.FAILED:
        failure = tree.SubElement(case, "failure", message=_clean(result.found[:200]))
        failure.text = _clean(f"{check.requirement}\n{check.source}\n{result.found}")
    elif result.verdict is not Verdict.PASSED:
        tree.SubElement(case, "skipped", message=result.verdict.value)


def _millis(result: Result) -> int:
    return sum(each.millis for each in result.exchanges)


def _seconds(millis: int) -> str:
    return f"{millis // 1000}.{millis % 1000:03d}"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("�", text)
