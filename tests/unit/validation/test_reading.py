"""JSON text with names that are there twice, and FHIR XML as the same values with what is wrong with the XML."""

from decimal import Decimal

import pytest

from gateway.definitions.library import base_library
from gateway.fhir.json import encode
from gateway.validation.read_json import read_json
from gateway.validation.read_xml import read_xml
from tests.unit.validation.samples import base, claim

TYPES = base_library().types
XMLNS = 'xmlns="http://hl7.org/fhir"'


def wrong_json(body: bytes) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in read_json(body).wrong]


def wrong_xml(body: str) -> list[str]:
    return [each.code for each in read_xml(body.encode(), TYPES).wrong]


def test_json_is_read_with_exact_decimals() -> None:
    assert read_json(b'{"value":72.50}').value["value"].as_tuple() == Decimal("72.50").as_tuple()
    assert read_json(encode(claim())).value == claim()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a":1,"a":2}', [("repeated-name", ".a")]),
        (b'{"a":[{"b":1},{"b":1,"c":{"d":1,"d":2}}]}', [("repeated-name", ".a[1].c.d")]),
        (b'{"a":1,"\\u0061":2}', [("repeated-name", ".a")]),
        (b'{"a":"x\\":1,\\"a\\":","b":{"a":1}}', []),
        (b'{"a":{"a":{"a":1}}}', []),
        (b'{"a":1', [("not-json", "")]),
        (b"\xff", [("not-json", "")]),
        (b"", [("not-json", "")]),
        (b"[" * 100_000, [("too-deep", "")]),
        (b"[" * 300 + b"]" * 300, [("too-deep", "")]),
    ],
)
def test_names_that_are_there_twice_are_told_with_their_place(body: bytes, found: list[tuple[str, str]]) -> None:
    assert wrong_json(body) == found


PATIENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Patient {XMLNS}>
  <id value="p1"/>
  <text>
    <status value="generated"/>
    <div xmlns="http://www.w3.org/1999/xhtml"><p class="a">a &amp; <b>b</b></p></div>
  </text>
  <contained><Organization><id value="o"/><name value="医院"/></Organization></contained>
  <extension url="https://example.org/e"><valueDecimal value="1.50"/></extension>
  <identifier><system value="urn:x:y"/><value value="1"/></identifier>
  <active value="true"/>
  <name><family value="王"/><given value="小明"/><given id="g"><extension url="https://example.org/f">
    <valueString value="x"/></extension></given></name>
  <birthDate value="1965-04-27">
    <extension url="https://example.org/t"><valueTime value="08:00:00"/></extension>
  </birthDate>
  <multipleBirthInteger value="2"/>
  <managingOrganization><reference value="#o"/></managingOrganization>
</Patient>"""


def test_xml_becomes_what_json_says() -> None:
    read = read_xml(PATIENT.encode(), TYPES)

    assert read.wrong == []
    assert read.value == {
        "resourceType": "Patient",
        "id": "p1",
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p class="a">a &amp; <b>b</b></p></div>',
        },
        "contained": [{"resourceType": "Organization", "id": "o", "name": "医院"}],
        "extension": [{"url": "https://example.org/e", "valueDecimal": Decimal("1.50")}],
        "identifier": [{"system": "urn:x:y", "value": "1"}],
        "active": True,
        "name": [
            {
                "family": "王",
                "given": ["小明", None],
                "_given": [None, {"id": "g", "extension": [{"url": "https://example.org/f", "valueString": "x"}]}],
            }
        ],
        "birthDate": "1965-04-27",
        "_birthDate": {"extension": [{"url": "https://example.org/t", "valueTime": "08:00:00"}]},
        "multipleBirthInteger": 2,
        "managingOrganization": {"reference": "#o"},
    }
    assert [each for each in base().validate(read.value) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("<Patient/>", ["xml-namespace"]),
        (f"<Patient {XMLNS}><active value='true'/><id value='x'/></Patient>", ["xml-order"]),
        (f"<Patient {XMLNS}><active value='true'/><active value='true'/></Patient>", ["xml-repeated"]),
        (f"<Patient {XMLNS} colour='red'><active value='true'/></Patient>", ["xml-attribute"]),
        (f"<Patient {XMLNS}><active value='true' x='y'/></Patient>", ["xml-attribute"]),
        (f"<Patient {XMLNS}>words<active value='true'/></Patient>", ["xml-text"]),
        (f"<Patient {XMLNS}><contained/></Patient>", ["xml-resource"]),
        (f"<Patient {XMLNS}><active value='true'></Patient>", ["not-xml"]),
        (f"<!DOCTYPE x [<!ENTITY y 'z'>]><Patient {XMLNS}><id value='&y;'/></Patient>", ["not-xml"]),
        (f"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><Patient {XMLNS}/>", ["not-xml"]),
        ("", ["not-xml"]),
    ],
)
def test_what_is_wrong_with_the_xml_is_told(body: str, codes: list[str]) -> None:
    assert wrong_xml(body) == codes


def test_a_value_that_does_not_fit_its_type_is_told_by_the_validator() -> None:
    read = read_xml(f"<Patient {XMLNS}><active value='yes'/><colour value='red'/></Patient>".encode(), TYPES)

    assert [each.code for each in base().validate(read.value) if each.severity == "error"] == [
        "wrong-type",
        "unknown-element",
    ]


def test_deep_xml_ends_somewhere() -> None:
    depth = 3000
    body = f"<Patient {XMLNS}>" + '<extension url="urn:x:y">' * depth + "</extension>" * depth + "</Patient>"

    assert "too-deep" in wrong_xml(body)
