"""What a snapshot says for each way a differential can say it. Nothing that is not spoken of changes."""

import msgspec
import pytest

from gateway.definitions.library import base_library
from gateway.definitions.model import Binding, Discriminator, Slicing, TypeRef
from gateway.definitions.read_structure import read_structure
from gateway.validation.snapshot.generate import Snapshots
from tests.unit.validation.snapshot.compare import differences
from tests.unit.validation.snapshot.profiles import (
    CORE,
    URL,
    Line,
    by,
    elements,
    line,
    lookup,
    made,
    profile,
    snapshots,
)

BY_TYPE = (Discriminator("type", "$this"),)


def test_an_empty_differential_is_the_base() -> None:
    found = made(profile("p", "Claim"))
    claim = base_library().structure("Claim")

    assert claim is not None
    assert found.structure.snapshot == claim.snapshot
    assert found.problems == ()


def test_a_line_changes_its_element_and_no_other() -> None:
    found = made(profile("p", "Claim", line("Claim.insurer", min=1, mustSupport=True)))
    claim = base_library().structure("Claim")
    changed = elements(found)["Claim.insurer"]

    assert claim is not None
    assert (changed.min, changed.max, changed.must_support) == (1, 1, True)
    assert [each.id for each in found.structure.snapshot if each not in claim.snapshot] == ["Claim.insurer"]


def test_walking_into_a_datatype_unfolds_it() -> None:
    found = elements(made(profile("p", "Patient", line("Patient.name.family", min=1))))

    assert found["Patient.name.family"].min == 1
    assert found["Patient.name.family"].path == "Patient.name.family"
    assert found["Patient.name.given"].min == 0
    assert [id for id in found if id.startswith("Patient.name")][:3] == [
        "Patient.name",
        "Patient.name.id",
        "Patient.name.extension",
    ]


def test_walking_down_several_datatypes() -> None:
    found = elements(made(profile("p", "Claim", line("Claim.type.coding.system", min=1, fixedUri="urn:x"))))

    assert (found["Claim.type.coding.system"].fixed, found["Claim.type.coding"].unbounded) == ("urn:x", True)


def test_slices_stand_after_the_element_with_all_it_holds() -> None:
    lines = [
        line("Claim.item", slicing=by("productOrService")),
        line("Claim.item:drug", max="2"),
        line("Claim.item:drug.quantity", min=1),
        line("Claim.item:care", min=1),
    ]
    found = elements(made(profile("p", "Claim", *lines)))
    ids = list(found)

    assert found["Claim.item"].slicing == Slicing((Discriminator("value", "productOrService"),), "open")
    assert (found["Claim.item:drug"].min, found["Claim.item:drug"].max) == (0, 2)
    assert (found["Claim.item:care"].min, found["Claim.item:care"].unbounded) == (1, True)
    assert found["Claim.item:drug"].slicing is None
    assert found["Claim.item:drug.quantity"].min == 1
    assert found["Claim.item:care.quantity"].min == found["Claim.item.quantity"].min == 0
    assert found["Claim.item:drug.detail.sequence"].path == "Claim.item.detail.sequence"
    assert ids.index("Claim.item.encounter") < ids.index("Claim.item:drug") < ids.index("Claim.item:care")
    assert ids.index("Claim.item:care.encounter") < ids.index("Claim.total")


def test_a_slice_has_what_is_said_of_the_element_it_is_a_slice_of() -> None:
    lines = [
        line("Claim.item", slicing=by("productOrService")),
        line("Claim.item.net", min=1),
        line("Claim.item:drug", max="2"),
    ]

    assert elements(made(profile("p", "Claim", *lines)))["Claim.item:drug.net"].min == 1


def test_a_reslice_begins_as_its_slice_and_stands_after_it() -> None:
    lines = [
        line("Patient.identifier", slicing=by("system")),
        line("Patient.identifier:national", max="3"),
        line("Patient.identifier:national.system", min=1),
        line("Patient.identifier:local", max="1"),
        line("Patient.identifier:national", slicing=by("type")),
        line("Patient.identifier:national/old", max="1"),
        line("Patient.identifier:national/new", max="1"),
    ]
    found = elements(made(profile("p", "Patient", *lines)))

    assert [id for id in found if id.startswith("Patient.identifier:") and "." not in id[9:]] == [
        "Patient.identifier:national",
        "Patient.identifier:national/old",
        "Patient.identifier:national/new",
        "Patient.identifier:local",
    ]
    assert found["Patient.identifier:national/new"].slice_name == "national/new"
    assert found["Patient.identifier:national/new.system"].min == 1


def test_a_derived_profile_goes_on_in_the_slices_of_its_base() -> None:
    base = profile("base", "Claim", line("Claim.item", slicing=by("category")), line("Claim.item:drug", max="5"))
    derived = profile("derived", "./base", line("Claim.item:drug", max="2"), line("Claim.item:care"), type="Claim")
    found = elements(made(base, derived))

    assert found["Claim.item:drug"].max == 2
    assert "Claim.item:care" in found


def test_a_chain_of_profiles_adds_up() -> None:
    one = profile("one", "Patient", line("Patient.name", min=1))
    two = profile("two", "./one", line("Patient.name.family", min=1), type="Patient")
    three = profile("three", "./two", line("Patient.name", max="1"), type="Patient")
    found = elements(made(one, two, three))

    assert (found["Patient.name"].min, found["Patient.name"].max, found["Patient.name.family"].min) == (1, 1, 1)


@pytest.mark.parametrize(
    "lines",
    [
        [
            line("Observation.value[x]", slicing=by("$this", kind="type")),
            line("Observation.value[x]:valueQuantity.unit", min=1),
        ],
        [line("Observation.value[x]:valueQuantity.unit", min=1)],
        [line("Observation.valueQuantity.unit", min=1)],
        [{"path": "Observation.valueQuantity"}, {"path": "Observation.valueQuantity.unit", "min": 1}],
        [{"id": "Observation.value[x]:valueQuantity.unit", "path": "Observation.valueQuantity.unit", "min": 1}],
    ],
    ids=["written out", "without slicing", "shortcut", "shortcut without ids", "shortcut with ids of slices"],
)
def test_a_slice_by_type_however_it_is_written(lines: list[Line]) -> None:
    found = elements(made(profile("p", "Observation", *lines)))
    choice, slice = found["Observation.value[x]"], found["Observation.value[x]:valueQuantity"]

    assert choice.slicing is not None
    assert (choice.slicing.discriminators, choice.slicing.rules) == (BY_TYPE, "open")
    assert (slice.path, slice.slice_name, slice.types) == (
        "Observation.value[x]",
        "valueQuantity",
        (TypeRef("Quantity"),),
    )
    assert found["Observation.value[x]:valueQuantity.unit"].min == 1


def test_an_optional_slice_by_type_leaves_the_other_types() -> None:
    """R4 ElementDefinition: a path such as valueQuantity is not to be read as constraining the types."""
    found = elements(made(profile("p", "Observation", line("Observation.valueQuantity", max="1"))))

    assert len(found["Observation.value[x]"].types) == 11


def test_a_mandatory_slice_by_type_leaves_no_other_type() -> None:
    choice = elements(made(profile("p", "Observation", line("Observation.valueQuantity", min=1))))[
        "Observation.value[x]"
    ]

    assert choice.slicing is not None
    assert (choice.types, choice.min, choice.slicing.rules) == ((TypeRef("Quantity"),), 1, "closed")


def test_types_all_of_which_are_sliced_are_closed() -> None:
    lines = [line("Patient.deceasedBoolean", max="1"), line("Patient.deceasedDateTime", max="1")]
    slicing = elements(made(profile("p", "Patient", *lines)))["Patient.deceased[x]"].slicing

    assert slicing == Slicing(BY_TYPE, "closed")


def test_walking_into_a_content_reference_takes_what_it_refers_to() -> None:
    found = made(profile("p", "ValueSet", line("ValueSet.compose.exclude.system", min=1)))
    by_id = elements(found)

    assert found.problems == ()
    assert by_id["ValueSet.compose.exclude"].content_reference == ""
    assert by_id["ValueSet.compose.exclude"].types == (TypeRef("BackboneElement"),)
    assert by_id["ValueSet.compose.exclude.system"].min == 1
    assert by_id["ValueSet.compose.include.system"].min == 0
    assert by_id["ValueSet.compose.exclude.concept.code"].path == "ValueSet.compose.exclude.concept.code"


def test_a_content_reference_may_be_walked_again_and_again() -> None:
    found = made(profile("p", "Questionnaire", line("Questionnaire.item.item.item.linkId", fixedString="1.1.1")))

    assert found.problems == ()
    assert elements(found)["Questionnaire.item.item.item.linkId"].fixed == "1.1.1"
    assert elements(found)["Questionnaire.item.item.item.item"].content_reference == "#Questionnaire.item"


def test_an_extension_takes_its_cardinality_and_its_content_from_its_definition() -> None:
    extension = profile(
        "ward",
        "Extension",
        line("Extension", max="1"),
        line("Extension.url", fixedUri=URL + "ward"),
        line("Extension.valueString", min=1),
    )
    use = profile(
        "p",
        "Patient",
        line("Patient.extension:ward", min=1, type=[{"code": "Extension", "profile": [URL + "ward"]}]),
        line("Patient.extension:ward.valueString", maxLength=20),
    )
    found = made(extension, use)
    by_id = elements(found)

    assert found.problems == ()
    assert by_id["Patient.extension"].slicing == Slicing((Discriminator("value", "url"),), "open")
    assert (by_id["Patient.extension:ward"].min, by_id["Patient.extension:ward"].max) == (1, 1)
    assert by_id["Patient.extension:ward.url"].fixed == URL + "ward"
    assert by_id["Patient.extension:ward.value[x]:valueString"].max_length == 20


def test_a_profile_on_a_datatype_is_what_is_walked_into() -> None:
    name = profile("name", "HumanName", line("HumanName.family", min=1), line("HumanName", constraint=[{"key": "n-1"}]))
    typed = line("Patient.name", type=[{"code": "HumanName", "profile": [URL + "name"]}])
    found = elements(made(name, profile("p", "Patient", typed, line("Patient.name.given", min=1))))

    assert (found["Patient.name.family"].min, found["Patient.name.given"].min) == (1, 1)
    assert [each.key for each in found["Patient.name"].constraints] == ["ele-1", "n-1"]


def test_constraints_accumulate_and_say_where_they_are_from() -> None:
    rule = {"key": "p-1", "severity": "error", "human": "x", "expression": "item.exists()"}
    one = profile("one", "Claim", line("Claim", constraint=[rule]))
    two = profile("two", "./one", line("Claim", constraint=[rule, {**rule, "key": "p-2"}]), type="Claim")
    found = elements(made(one, two))["Claim"].constraints

    assert [(each.key, each.source) for each in found][-2:] == [("p-1", URL + "one"), ("p-2", URL + "two")]
    assert "dom-3" in {each.key for each in found}


def test_a_binding_on_an_extension_as_a_whole_means_nothing() -> None:
    bound = line("Patient.extension:a", binding={"strength": "required", "valueSet": "urn:v"})

    assert elements(made(profile("p", "Patient", bound)))["Patient.extension:a"].binding is None


def test_a_binding_may_grow_stronger() -> None:
    bound = line("Claim.type", binding={"strength": "required", "valueSet": "urn:v"})

    assert elements(made(profile("p", "Claim", bound)))["Claim.type"].binding == Binding("required", "urn:v")


def test_lines_without_ids_are_read_in_their_order() -> None:
    lines: list[Line] = [
        {"path": "Claim.item", "slicing": by("category")},
        {"path": "Claim.item", "sliceName": "drug"},
        {"path": "Claim.item.net", "min": 1},
        {"path": "Claim.item", "sliceName": "care"},
    ]
    found = elements(made(profile("p", "Claim", *lines)))

    assert [found[id].min for id in ("Claim.item.net", "Claim.item:drug.net", "Claim.item:care.net")] == [0, 1, 0]


def test_a_published_snapshot_is_used_as_it_is_unless_it_is_not_trusted() -> None:
    bmi = base_library().structure(CORE + "bmi")
    assert bmi is not None
    again = Snapshots(lookup(), trust=False).of(CORE + "bmi")

    assert snapshots().of_structure(bmi).structure is bmi
    assert again is not None
    assert again.structure.snapshot != bmi.snapshot
    assert snapshots().of("urn:nothing") is None


def test_a_new_type_adds_elements_to_its_base() -> None:
    ward = read_structure(
        {
            "url": URL + "Ward",
            "type": "Ward",
            "kind": "resource",
            "derivation": "specialization",
            "baseDefinition": CORE + "DomainResource",
            "differential": {
                "element": [
                    {"path": "Ward"},
                    {"path": "Ward.bed", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
                    {"path": "Ward.bed.number", "min": 1, "max": "1", "type": [{"code": "string"}]},
                ]
            },
        }
    )
    found = made(ward)

    assert found.problems == ()
    assert [each.path for each in found.structure.snapshot] == [
        "Ward",
        *(f"Ward.{name}" for name in ("id", "meta", "implicitRules", "language", "text", "contained")),
        *("Ward.extension", "Ward.modifierExtension", "Ward.bed"),
        *(f"Ward.bed.{name}" for name in ("id", "extension", "modifierExtension", "number")),
    ]


def test_the_base_types_themselves_follow_from_their_differentials() -> None:
    """All but the slicing of extensions, which the published ones leave unsaid, and invariants of datatypes."""
    ours = snapshots()
    for structure in base_library().structures():
        if structure.derivation == "specialization" and structure.kind != "logical":
            again = ours.of_structure(msgspec.structs.replace(structure, snapshot=(), version="again"))
            left = {each.facet for each in differences(again.structure, structure)}
            assert again.problems == ()
            assert left <= {"slicing", "constraints", "max_length", "range"}, structure.url
