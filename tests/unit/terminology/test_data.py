"""The shipped tables: whole, with both languages, equal to what the code says, and known to every map."""

import re

import pytest

from adapters.nhsa.statement_file import RESULTS
from adapters.police.columns import SEXES
from gateway.definitions.library import base_library
from gateway.exchange.clearing.bodies import PaymentState
from gateway.exchange.concept_maps import CodeMap, load_map
from gateway.fhir.systems import cs
from gateway.settlement.claim import ClaimKind, ItemClass
from gateway.terminology.read_data import read_systems, shipped_systems
from gateway.terminology.read_maps import read_maps
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology
from tests.unit.terminology.small import MAPS

SYSTEMS = {each.canonical: each for each in shipped_systems()}
BY_ID = {each.id: each for each in reversed(shipped_systems())}
URI = "urn:ietf:rfc:3986"


def codes(id: str) -> set[str]:
    return {each.code for each in BY_ID[id].concepts}


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS.keys())
def test_every_system_has_codes_or_a_structure_and_both_languages(system: CodeSystem) -> None:
    assert len(system.concepts) or system.structure is not None
    assert set(system.title) == {"zh", "en"}
    assert all(each.display and each.designations[0][1] for each in system.concepts)
    assert re.fullmatch(r"[a-z0-9-]{1,64}", system.id)


def test_tables_of_the_interface_are_there_with_their_sources() -> None:
    assert codes("nhsa-insutype") >= {"310", "390", "510"}
    assert len(codes("nhsa-med-chrgitm-type")) == 14
    assert sum(id.startswith("nhsa-") for id in BY_ID) >= 40
    assert all(
        any(name == "sources" for name, _ in each.properties)
        for system in BY_ID.values()
        if system.id.startswith("nhsa-")
        for each in system.concepts
    )


@pytest.mark.parametrize("id", ["nhsa-clr-way", "nhsa-fund-pay-type"])
def test_where_sources_disagree_there_are_two_versions_and_a_choice(id: str) -> None:
    versions = {each.version for each in shipped_systems() if each.id == id}
    assert versions == {"1-platform", "1-local"}

    for version in versions:
        chosen = Terminology(shipped_systems(), choices={id: version}).system(cs(id))
        assert chosen is not None
        assert chosen.version == version


def test_the_ethnic_groups_are_fifty_six() -> None:
    groups = codes("gb-3304") - {"97", "98"}
    assert groups == {f"{number:02d}" for number in range(1, 57)}


def test_tables_of_the_code_are_the_tables_of_the_code() -> None:
    assert codes("claim-kind") == set(ClaimKind)
    assert codes("item-class") == {*ItemClass, "none"}
    assert codes("payment-status") == set(PaymentState)


def test_what_adapters_say_in_code_is_what_the_maps_say() -> None:
    def forward(name: str) -> dict[str, str]:
        found = load_map(MAPS / f"{name}.json")
        assert isinstance(found, CodeMap)
        return dict(found.forward)

    assert forward("nhsa-stmt-rslt") == RESULTS
    assert {code: said for code, said in forward("police-sex").items() if SEXES[code]} == {
        code: said for code, said in SEXES.items() if said
    }


def test_every_code_of_every_map_is_one_of_its_system() -> None:
    known = Terminology(shipped_systems(), definitions=base_library())
    strange = [
        (found.id, url, code)
        for _, found in read_maps(MAPS)
        for group in found.groups
        for url, listed in ((group.source, group.forward), (group.target, group.backward))
        if url != URI
        for code in listed
        if (system := known.system(url)) is None or not system.holds(code)
    ]
    assert strange == []


def test_maps_say_what_they_are_for_and_why_a_match_is_not_exact() -> None:
    for resource, found in read_maps(MAPS):
        assert resource["sourceUri"], found.id
        for group in resource["group"]:
            for element in group["element"]:
                for target in element["target"]:
                    assert target["equivalence"] not in ("inexact", "narrower") or target["comment"], found.id


@pytest.mark.parametrize(
    "wrong", ["    concepts: |\n      a | x | x\n      a | y | y", "    concepts: |\n      a | x | x | parent=b"]
)
def test_a_code_that_stands_twice_or_an_orphan_is_no_table(wrong: str) -> None:
    text = f"language: zh-CN\npublisher: x\nsystems:\n  - id: t\n    title: {{zh: x, en: x}}\n{wrong}\n"
    with pytest.raises(ValueError, match="t: "):
        list(read_systems(text))


@pytest.mark.parametrize(
    ("id", "code", "above", "parts"),
    [
        ("diagnosis", "I10.x00", ["I10.x", "I10"], {"category": "I10"}),
        ("diagnosis", "E11.900x001", ["E11.900", "E11.9", "E11"], {"category": "E11"}),
        ("procedure", "47.0100", ["47.01", "47.0", "47"], {"category": "47"}),
        ("gb-2260", "321183", ["321100", "320000"], {"province": "32", "county": "83"}),
        ("institution", "H32118200001", [], {"kind": "H", "area": "321182", "serial": "00001"}),
        ("drug", "XA11GAW043A013010100002", [], {"therapeutic": "A11GA", "company": "00002"}),
        ("drug", "T001700015", [], {}),
        ("consumable", "C09010100101001000150000001", ["C0901010010100100015"], {"generic": "001"}),
        ("medical-service", "001101000010000-100000002", ["001101000010000"], {"local": "100000002"}),
        ("special-disease", "M03900", [], {}),
        ("practitioner", "HY321182000001", [], {"kind": "HY"}),
    ],
)
def test_a_structure_tells_the_parts_and_what_lies_above(
    id: str, code: str, above: list[str], parts: dict[str, str]
) -> None:
    system = BY_ID[id]
    found = system.find(code)

    assert found is not None
    assert list(system.ancestors(code)) == above
    assert parts.items() <= dict(found.properties).items()


@pytest.mark.parametrize(
    ("id", "code"),
    [
        *(("diagnosis", code) for code in ("i10", "I1", "I10.", "I10.x0", "I10.x00 ", "I10.x00\n", "", "I10" * 40)),
        *(("drug", code) for code in ("XA11GAW043A01301010000", "Z12", "１" * 23)),
        *(("institution", code) for code in ("H0211820001", "X32118200001", "H321182000011")),
        *(("gb-2260", code) for code in ("021182", "32118", "3211820")),
    ],
)
def test_what_is_built_otherwise_is_no_code(id: str, code: str) -> None:
    assert not BY_ID[id].holds(code)
    assert BY_ID[id].find(code) is None
