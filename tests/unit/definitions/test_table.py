"""A table is packed and read back the same; bytes that are anything else are refused, never believed."""

import zlib
from decimal import Decimal

import pytest

from gateway.definitions.library import Library, base_library
from gateway.definitions.model import ElementDef, Package, Structure, ValueSet
from gateway.definitions.table import MAGIC, digest, make_table, pack, unpack
from gateway.kernel.problem import Kind, Problem

PACKAGE = Package("example", "1.0.0", "4.0.1", (("other", "1.x"),), "abc", "http://example.org")
STRUCTURE = Structure(
    "urn:s",
    type="Claim",
    kind="resource",
    derivation="constraint",
    differential=(ElementDef("Claim", "Claim", fixed={"value": Decimal("1.50"), "n": 1}, fixed_type="Money"),),
)
PROBLEM = Problem(Kind.INVALID, "bad-definition", "x/y.json", "left out", "未采用")
TABLE = make_table(PACKAGE, [STRUCTURE, ValueSet("urn:v", "2")], [PROBLEM])


def test_a_packed_table_is_read_back_the_same() -> None:
    read = unpack(pack(TABLE))

    assert read == TABLE
    assert read is not None
    assert [read.decode(entry) for entry in read.entries] == [STRUCTURE, ValueSet("urn:v", "2")]


def test_decimals_keep_their_digits() -> None:
    read = unpack(pack(TABLE))
    assert read is not None
    structure = read.decode(read.entries[0])

    assert isinstance(structure, Structure)
    assert str(structure.differential[0].fixed["value"]) == "1.50"
    assert type(structure.differential[0].fixed["n"]) is int


def test_equal_content_has_an_equal_digest() -> None:
    assert digest(pack(TABLE)) == digest(pack(make_table(PACKAGE, [STRUCTURE, ValueSet("urn:v", "2")], [PROBLEM])))
    assert digest(pack(TABLE)) != digest(pack(make_table(PACKAGE, [STRUCTURE])))


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"GWDEF",
        MAGIC,
        pack(TABLE)[:-1],
        pack(TABLE)[:100],
        b"GWDEF\xff" + pack(TABLE)[len(MAGIC) :],
        pack(TABLE)[:10] + b"\0" + pack(TABLE)[11:],
        MAGIC + bytes(32) + zlib.compress(b"\0\0\0\2{}"),
        b"\x80\x04\x95" + pack(TABLE),
    ],
)
def test_bytes_that_are_no_whole_table_are_none(spoilt: bytes) -> None:
    assert unpack(spoilt) is None


def test_the_shipped_table_is_small_and_has_all_of_core() -> None:
    library = base_library()
    package = library.packages[0]

    assert (package.name, package.version, len(package.hash)) == ("hl7.fhir.r4.core", "4.0.1", 64)
    assert sum(1 for _ in library.structures()) == 658
    assert sum(1 for _ in library.value_sets()) == 1316
    assert sum(1 for _ in library.code_systems()) == 1062
    assert len(library.search_parameters()) == 1400


def test_a_library_of_nothing_has_nothing() -> None:
    assert Library().structure("Patient") is None
    assert Library().types.names() == ()
