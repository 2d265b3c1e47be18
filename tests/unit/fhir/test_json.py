"""JSON comes in exact or not at all, and goes out of the store by joining bytes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.fhir.json import canonical, decode, decode_resource, encode, read_stored, splice
from gateway.kernel.problem import Refusal

AT = datetime(2015, 3, 9, 0, 30, tzinfo=UTC)


def code_of(body: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        decode(body)
    (problem,) = refused.value.problems
    return problem.code


@pytest.mark.parametrize("text", ["12.50", "0.10", "1234567890123456.78", "1E+308", "9223372036854775808", "-0.0"])
def test_numbers_keep_every_digit(text: str) -> None:
    assert encode(decode(text.encode())) == text.encode()


def test_a_number_with_a_point_is_a_decimal() -> None:
    assert decode(b'{"value":72.50}') == {"value": Decimal("72.50")}


def test_of_a_repeated_name_the_last_counts() -> None:
    assert decode(b'{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"total":',
        b'{"a":1} x',
        b"NaN",
        b"Infinity",
        b"1" * 5000,
        b"1e99999999999999999999",
        b"0.1e-99999999999999999999",
        b'"\\ud800"',
        b'"\\ud800\\ud800"',
        b'"\\udc00"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        "“中文”".encode("gb18030"),
        b"\xef\xbb\xbf{}",
        b"'a'",
        b"{'a':1}",
        b"[1,]",
        b"\x00",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    assert code_of(body) == "not-json"


@pytest.mark.parametrize("depth", [65, 900, 100_000])
@pytest.mark.parametrize("kind", ["list", "object"])
def test_depth_is_limited(depth: int, kind: str) -> None:
    body = b"[" * depth + b"]" * depth if kind == "list" else b'{"a":' * depth + b"1" + b"}" * depth

    assert code_of(body) == "json-too-deep"


def test_sixty_four_levels_are_allowed() -> None:
    assert decode(b"[" * 64 + b"]" * 64)


def test_four_mebibytes_are_the_limit() -> None:
    assert code_of(b" " * (4 * 1024 * 1024) + b"1") == "body-too-large"


@pytest.mark.parametrize("escape", [b"\\u0000", b"\\u0001", b"\\u001F", b"\\u000b", b"\\\\\\u0000"])
def test_control_characters_are_refused(escape: bytes) -> None:
    assert code_of(b'{"text":"a' + escape + b'"}') == "control-character"


@pytest.mark.parametrize(
    ("body", "text"), [(b'"\\u0009"', "\t"), (b'"\\u000a"', "\n"), (b'"\\\\u0000"', "\\u0000"), (b'"\\u6d4b"', "测")]
)
def test_line_ends_tabs_and_escaped_backslashes_are_text(body: bytes, text: str) -> None:
    assert decode(body) == text


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b"{}", b'{"resourceType":1}'])
def test_a_resource_is_an_object_with_a_type(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        decode_resource(body)

    assert [problem.code for problem in refused.value.problems] == ["not-a-resource"]


def test_the_stored_form_leaves_out_what_the_store_knows() -> None:
    body = canonical({"id": "1", "name": [{"text": "测试一"}], "meta": {"versionId": "7"}, "resourceType": "Patient"})

    assert body.decode() == '{"resourceType":"Patient","meta":{},"name":[{"text":"测试一"}]}'


@pytest.mark.parametrize("meta", [{}, {"profile": ["https://gateway.example/p"]}, {"tag": [{"code": '"meta":{'}]}])
def test_splicing_puts_id_and_version_in_without_parsing(meta: dict[str, object]) -> None:
    body = canonical({"resourceType": "Patient", "meta": meta, "active": True})

    served = decode(splice(body, id="3211820001", version=3, updated_at=AT))

    assert served == {
        "resourceType": "Patient",
        "id": "3211820001",
        "meta": {"versionId": "3", "lastUpdated": "2015-03-09T00:30:00.000Z", **meta},
        "active": True,
    }


def test_what_is_served_can_be_stored_again_unchanged() -> None:
    body = canonical({"resourceType": "Claim", "total": {"value": Decimal("0.10")}})

    assert canonical(decode_resource(splice(body, id="a", version=1, updated_at=AT))) == body
    assert read_stored(body, id="a") == {"resourceType": "Claim", "id": "a", "total": {"value": Decimal("0.10")}}
