"""Structure tables come from hl7apy's reference, and messages are held to them."""

import pytest

from adapters.hl7v2.generate import FOLDER, VERSIONS, table_bytes
from adapters.hl7v2.reference import TABLE_OF_VERSION, load
from tests.unit.adapters.hl7v2_cases import VERSIONS as SPOKEN
from tests.unit.adapters.hl7v2_cases import changed, claim, found


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tables_are_what_the_reference_says(version: str) -> None:
    assert (FOLDER / f"{version}.json").read_bytes() == table_bytes(version)


def test_every_version_we_speak_has_its_table() -> None:
    assert tuple(TABLE_OF_VERSION) == SPOKEN
    for version in SPOKEN:
        assert set(load(version).structures) == {"EHC_E01", "EHC_E02", "EHC_E10", "EHC_E15", "ACK"}


def test_fields_stand_at_their_number_though_the_reference_leaves_some_out() -> None:
    err = load("2.8.2").segments["ERR"]
    assert (err[0].most, err[1].type) == (0, "ERL")


@pytest.mark.parametrize("version", SPOKEN)
def test_a_whole_claim_is_taken_in_every_version(version: str) -> None:
    assert found(claim(version=version)) == set()


@pytest.mark.parametrize("version", ["2.6", "2.8.2"])
@pytest.mark.parametrize(
    ("segment", "path"), [("IVC", "IVC[0]"), ("PSS", "PSS[0]"), ("PSG", "PSG[0]"), ("PSL", "PSL[0]"), ("IN1", "IN1[0]")]
)
def test_a_required_segment_that_is_missing_is_named(version: str, segment: str, path: str) -> None:
    lines = claim(version=version).decode().split("\r")
    body = "\r".join(line for line in lines if not line.startswith(segment))
    assert ("missing-segment", path) in found(body.encode())


def test_a_segment_out_of_its_place_is_named() -> None:
    lines = claim().decode().rstrip("\r").split("\r")
    pid = next(line for line in lines if line.startswith("PID"))
    lines.remove(pid)
    body = "\r".join([*lines, pid])
    assert ("unexpected-segment", "PV1[0]") in found(body.encode())


def test_segments_of_the_senders_own_may_stand_anywhere() -> None:
    assert found(changed("\rPV1|", "\rZHI|1|own\rPV1|")) == set()


def test_every_required_field_that_is_empty_is_named_at_once() -> None:
    body = changed("|张测试|", "||", changed("|NORM|", "||", changed("PSL|2||2|||P|", "PSL|2||2||||")))
    assert found(body) == {("missing-field", path) for path in ("IVC.5", "PID.5", "PSL[1].6")}


def test_the_delete_value_does_not_fill_a_required_field() -> None:
    assert ("missing-field", "IVC.5") in found(changed("|NORM|", '|""|'))


def test_repetitions_beyond_the_table_are_named() -> None:
    assert ("too-many-repetitions", "IVC.1") in found(changed("IVC|B0001|", "IVC|B0001~B0002|"))
    assert found(changed("^MPS^NI|", "^MPS^NI~7^^^HIS^MR|")) == set()
