"""The narrative: plain XHTML with something to read, nothing active, nothing from elsewhere."""

import pytest

from gateway.validation.xhtml import check_xhtml

SPACE = 'xmlns="http://www.w3.org/1999/xhtml"'


def codes(inner: str) -> list[str]:
    return [each.code for each in check_xhtml(inner, None) or []]


@pytest.mark.parametrize(
    "inner",
    [
        "text",
        '<p class="a">住院 &amp; 门诊 &#160;</p>',
        '<table border="1"><tr><td colspan="2">x</td></tr></table>',
        '<img src="a.png" alt="x"/>',
        '<a href="https://example.org?a=b&amp;c=d" title="t">x</a>',
        "<!-- a comment --><b>x</b><br/>",
        '<p style="color: red; margin: 0">x</p>',
    ],
)
def test_plain_xhtml_is_accepted(inner: str) -> None:
    assert codes(f"<div {SPACE}>{inner}</div>") == []


@pytest.mark.parametrize(
    "inner",
    [
        "<script>x</script>",
        "<SCRIPT>x</SCRIPT>",
        '<p onclick="x()">x</p>',
        '<a href="javascript:x()">x</a>',
        '<a href="java&#115;cript:x()">x</a>',
        '<a href=" java\nscript:x()">x</a>',
        '<img src="data:text/html,x"/>',
        '<p style="width: expression(x)">x</p>',
        '<p style="background: url(data:text/html,x)">x</p>',
        "<iframe/>",
        "<form><input/></form>",
        "<p>x",
        "x</p>",
        "<p><b>x</p></b>",
        "a < b",
        "a & b",
        "&unknown;",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "<!DOCTYPE html>x",
        '<p class="a" class="b">x</p>',
        "<p class=a>x</p>",
        "<p a:b='x'>x</p>",
        "x\x00",
    ],
)
def test_what_is_active_or_malformed_is_an_error(inner: str) -> None:
    assert codes(f"<div {SPACE}>{inner}</div>") == ["bad-narrative"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<p>x</p>", "bad-narrative"),
        ("x", "bad-narrative"),
        (f"<div {SPACE}>x</div><div>y</div>", "bad-narrative"),
        (f"x<div {SPACE}>x</div>", "bad-narrative"),
        (f"<div {SPACE}/>", "empty-narrative"),
        (f"<div {SPACE}> \n <p> </p></div>", "empty-narrative"),
        (f"<div {SPACE}><!-- nothing --></div>", "empty-narrative"),
        ("<div>x</div>", "narrative-namespace"),
        ('<div xmlns="http://example.org">x</div>', "narrative-namespace"),
        (f"<div {SPACE}>&nbsp;x&reg;</div>", "narrative-entity"),
        (f"<div {SPACE}>" + "<b>" * 1000 + "x" + "</b>" * 1000 + "</div>", "too-deep"),
    ],
)
def test_the_whole_is_one_div_with_something_in_it(text: str, code: str) -> None:
    assert codes(text) == [code]
