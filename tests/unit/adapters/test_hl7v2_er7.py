"""ER7: decoded by MSH-18 first, split second, escapes resolved last."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.charset import UTF8, Charset
from adapters.hl7v2.er7 import escape, read
from gateway.contract import Incoming
from gateway.exchange.translate import to_fhir
from gateway.kernel.problem import Refusal
from tests.unit.adapters.hl7v2_cases import INVOICE, claim, mappings

GB = Charset("GB 18030-2000", "gb18030")
HEAD = "MSH|^~\\&|HIS|H32118200001|||20150309||EHC^E01^EHC_E01|1|P|2.7|||||CHN|"


def codes(body: bytes) -> list[str]:
    try:
        read(body)
    except Refusal as refusal:
        return [problem.code for problem in refusal.problems]
    return []


def torn_characters() -> list[str]:
    """Ideographs whose second GB 18030 byte is | ^ ~ or a backslash."""
    return [
        character
        for character in map(chr, range(0x3400, 0x20000))
        if "CJK UNIFIED" in unicodedata.name(character, "")
        and len(encoded := character.encode("gb18030")) == 2
        and encoded[1] in b"|^~\\"
    ]


def test_all_466_characters_that_hold_a_separator_byte_read_alike_in_both_encodings() -> None:
    characters = torn_characters()
    assert len(characters) == 466
    assert {"珅", "皛", "東", "億", "區"} <= set(characters)
    mapping = mappings()["hl7v2", "EHC_E01"]
    for character in characters:
        invoice = replace(INVOICE, name=f"测{character}")
        trees = [
            ADAPTER.decode(Incoming(claim(invoice, charset=charset))).tree
            for charset in ("UNICODE UTF-8", "GB 18030-2000")
        ]
        assert trees[0]["PID"] == trees[1]["PID"]
        claims = [to_fhir(mapping, tree)[0] for tree in trees]
        assert claims[0] == claims[1]
        assert claims[0]["patient"]["display"] == f"测{character}"


@pytest.mark.parametrize("character", ["珅", "東", "區", "億"])
def test_a_separator_byte_inside_the_header_itself_does_not_move_msh_18(character: str) -> None:
    text = HEAD.replace("H32118200001", f"H32118200001^{character}医院") + "GB 18030-2000\r"
    message = read(text.encode("gb18030"))
    assert message.header(4, 2) == f"{character}医院"
    assert message.charset == GB


@pytest.mark.parametrize("spelling", ["GB 18030-2000", "GB18030", "GBK", "gb18030-2000", "GB 18030"])
def test_spellings_of_gb_18030_are_understood(spelling: str) -> None:
    assert read(f"{HEAD}{spelling}\rPID|||||测試\r".encode("gb18030")).segments[1][5] == "测試"


@pytest.mark.parametrize("spelling", ["", "UNICODE UTF-8", "UTF-8", "utf8"])
def test_utf_8_is_the_default_and_may_carry_a_byte_order_mark(spelling: str) -> None:
    body = f"{HEAD}{spelling}\rPID|||||测试\r".encode()
    assert read(body).segments == read(b"\xef\xbb\xbf" + body).segments


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused_by_name(codec: str) -> None:
    assert codes((HEAD + "UNICODE UTF-16\r").encode(codec)) == ["charset-wide"]


def test_a_declared_utf_16_and_unknown_sets_are_refused() -> None:
    assert codes((HEAD + "UNICODE UTF-16\r").encode()) == ["charset-wide"]
    assert codes((HEAD + "8859/1\r").encode()) == ["charset-unsupported"]
    assert codes((HEAD + "ASCII~UNICODE UTF-8\r").encode()) == ["charset-unsupported"]


@pytest.mark.parametrize("charset", ["ASCII", "UNICODE UTF-8", "GB 18030-2000"])
def test_bytes_that_are_not_what_msh_18_says_are_refused(charset: str) -> None:
    wrong = b"\xff\xff" if charset != "UNICODE UTF-8" else "张".encode("gb18030")
    assert codes(f"{HEAD}{charset}\rPID|||||".encode() + wrong + b"\r") == ["charset-mismatch"]


def test_segments_may_end_in_crlf_or_lf() -> None:
    lines = [HEAD + "UNICODE UTF-8", "PID|1", "PV1|1"]
    assert read("\r\n".join(lines).encode()).segments == read("\n".join(lines).encode()).segments
    assert [segment[0] for segment in read("\r".join(lines).encode()).segments] == ["MSH", "PID", "PV1"]


def test_what_is_no_message_is_refused() -> None:
    assert codes(b"") == ["not-hl7v2"]
    assert codes(b'{"infno": "2207"}') == ["not-hl7v2"]
    assert codes(b"MSH|^^~&|A\r") == ["bad-separators"]
    assert codes(b"MSH") == ["bad-separators"]
    assert codes((HEAD + "\rpid|1\rxx\r").encode()) == ["bad-segment", "bad-segment"]
    assert codes((HEAD + "\rPID|\x00\r").encode()) == ["control-character"]


def test_escapes_are_resolved() -> None:
    message = read((HEAD + "\r").encode())
    assert message.unescape(r"a\F\b\S\c\T\d\R\e\E\f") == "a|b^c&d~e\\f"
    assert message.unescape(r"one\.br\two \H\bold\N\ \XE6B58B\ \P\ ") == "one\ntwo bold 测 # "


@pytest.mark.parametrize("text", ["C:\\Q\\x", "\\", "a\\", r"\Xzz\ ".strip(), r"\XFF\ ".strip(), r"\X00\ ".strip()])
def test_what_is_no_escape_stays_as_it_is(text: str) -> None:
    assert read((HEAD + "\r").encode()).unescape(text) == text


def test_hexadecimal_escapes_are_bytes_of_the_messages_own_character_set() -> None:
    message = read((HEAD + "GB 18030-2000\r").encode())
    assert message.unescape("\\X" + "张".encode("gb18030").hex() + "\\") == "张"


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("|^~\\&\n"), max_size=40))
def test_any_text_survives_the_way_there_and_back(text: str) -> None:
    for charset in (UTF8, GB):
        body = f"{HEAD}{charset.name}\rNTE|1||{escape(text, charset)}|end\r".encode(charset.codec)
        message = read(body)
        assert message.segments[1][4] == "end"
        assert message.unescape(message.segments[1][3]) == text


def test_other_separators_are_read_as_msh_names_them() -> None:
    message = read(b"MSH#*!%$#HIS#H1*x#\rPID#1##a*b!c*d\r")
    assert message.header(4, 2) == "x"
    assert message.component(message.segments[1], 3, 2) == "b"
