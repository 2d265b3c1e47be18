"""The file of details: what is read out of a ZIP, and every way in which one can be hostile."""

import io
import zipfile
from random import Random

import pytest

from adapters.nhsa.statement_file import read_statement_file, write_lines_file, write_result_file
from gateway.kernel.problem import Refusal
from tests.unit.adapters.nhsa_cases import incoming
from tests.unit.adapters.test_nhsa_reading import into, refused

ROW = "S1\tV1\tP1\t100.00\t30.00\t0.00\t0"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return held.getvalue()


def one(text: str, charset: str = "utf-8") -> bytes:
    return zipped(("detail.txt", text.encode(charset)))


def codes(data: bytes) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        read_statement_file(data)
    return [problem.code for problem in refusal.value.problems]


def test_seven_or_eight_columns_are_read_with_null_as_nothing() -> None:
    text = f"{ROW}\r\nS2\tnull\tNULL\t1.00\tnull\tnull\t1\t除外内容\r\n\r\n"

    assert read_statement_file(one(text)) == f"{ROW}\nS2\t\t\t1.00\t0.00\t0.00\t1\n"
    assert read_statement_file(one("\ufeff" + ROW)) == ROW + "\n"


def with_flag(data: bytes, flag: int) -> bytes:
    """The same archive with a bit of its member's flags set, in both of its headers."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(signature) + offset] |= flag
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "zip-unreadable"),
        (b"not a zip at all", "zip-unreadable"),
        (one(ROW)[:-30], "zip-unreadable"),
        (one(ROW).replace(b"S1", b"S9"), "ok"),
        (zipped(("a.txt", ROW.encode()), ("b.txt", ROW.encode())), "zip-several-files"),
        (zipped(), "zip-several-files"),
        (zipped(("folder/", b"")), "zip-several-files"),
        (zipped(("../../etc/passwd", ROW.encode())), "zip-path"),
        (zipped(("/root.txt", ROW.encode())), "zip-path"),
        (zipped(("a\\b.txt", ROW.encode())), "zip-path"),
        (with_flag(one(ROW), 0x1), "zip-encrypted"),
        (with_flag(one(ROW), 0x40), "zip-unreadable"),
        (zipped(("a.txt", ROW.encode()), method=zipfile.ZIP_BZIP2), "zip-unreadable"),
        (zipped(("a.txt", b"0" * 50_000_000)), "zip-too-large"),
        (one(ROW, "utf-16"), "file-not-utf8"),
        (one(ROW.replace("P1", "测试一"), "gb18030"), "file-not-utf8"),
        (one("\n \n"), "file-empty"),
        (one("\n".join([ROW, ROW.replace("\t", ","), ROW + "\tx\ty"])), "file-columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_archive_is_refused_with_its_reason(data: bytes, code: str) -> None:
    if code == "ok":
        assert read_statement_file(data)
        return
    assert set(codes(data)) == {code}


def test_a_member_that_is_not_what_its_checksum_says_is_refused() -> None:
    stored = bytearray(zipped(("a.txt", ROW.encode()), method=zipfile.ZIP_STORED))
    stored[stored.index(b"S1")] = ord("X")

    assert codes(bytes(stored)) == ["zip-unreadable"]


@pytest.mark.parametrize("seed", range(5))
def test_a_spoilt_archive_is_read_or_refused_and_nothing_else(seed: int) -> None:
    chance, whole = Random(seed), one("\n".join([ROW] * 5))
    for _ in range(400):
        spoilt = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(spoilt))
            spoilt[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        try:
            assert read_statement_file(bytes(spoilt)).endswith("\n")
        except Refusal:
            continue


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(Refusal, match="zip-too-large"):
        read_statement_file(one("\n".join([ROW] * 3)), most=2)


def test_every_wrong_line_is_told_up_to_a_hundred() -> None:
    assert codes(one("x\n" * 150)) == ["file-columns"] * 100


def rows(body: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return [row.split("\t") for row in archive.read(archive.namelist()[0]).decode().splitlines()]


def test_a_result_has_eleven_columns_and_always_the_same_bytes() -> None:
    text = "P1\tV1\tS1\tM1\tonly-core\t0\t中心有\t1.00\t0.50\t0.00\n"
    body = write_result_file(text, name="result.zip")

    assert rows(body) == [["P1", "V1", "S1", "M1", "000101", "0", "中心有", "1.00", "0.50", "0.00", "null"]]
    assert body == write_result_file(text, name="result.zip")
    assert read_statement_file(write_lines_file(ROW + "\n", name="x.zip")) == ROW + "\n"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("no base64!", "bad-bytes"),
        ([1, 2, 256], "bad-bytes"),
        ([1, 2.5], "bad-bytes"),
        ([True], "bad-bytes"),
        ({}, "bad-bytes"),
        ([], "zip-unreadable"),
    ],
)
def test_bytes_that_are_none_are_refused(sent: object, code: str) -> None:
    found = refused(incoming("9101", lambda envelope: envelope["input"]["fsUploadIn"].update({"in": sent})))
    assert [problem.code for problem in found] == [code]


@pytest.mark.parametrize(("infno", "node"), [("9101", "fsUploadIn"), ("9102", "fsDownloadIn")])
def test_a_file_of_another_institution_is_refused(infno: str, node: str) -> None:
    found = refused(incoming(infno, into(node, fixmedins_code="H32118200101")))
    assert [problem.code for problem in found] == ["other-institution"]


@pytest.mark.parametrize("month", ["201513", "2015-6", "15"])
def test_the_month_of_an_application_is_a_month(month: str) -> None:
    found = refused(incoming("3203", lambda envelope: envelope["input"]["data"].update(setlym=month)))
    assert found[0].path == "input.data.setlym"
