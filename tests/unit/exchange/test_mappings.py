"""Mapping files are read at start: usable ones by feed and message, unusable ones with every error and its line."""

from pathlib import Path

import pytest

from gateway.exchange.mappings import MappingErrors, load_mappings
from tests.unit.exchange.mapping_files import (
    HEAD,
    errors_of,
    mapping_of,
    rows_file,
    write_concept_map,
    write_map,
    write_mapping,
)

GOOD_ROW = "- {from: a, to: id}"


def test_a_mapping_is_found_by_feed_and_message_type(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, GOOD_ROW)
    assert (mapping.feed, mapping.message, mapping.operation) == ("clinic", "visit", "settle")
    assert mapping.title == {"zh": "就诊", "en": "visit"}
    assert [block.resource for block in mapping.build] == ["Claim"]
    assert mapping.answer == ()


def test_a_message_type_is_text_as_it_stands_in_the_file(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file(GOOD_ROW).replace("message: visit", "message: 0220"), "clinic/0220.yaml")
    assert list(load_mappings(tmp_path)) == [("clinic", "0220")]


def test_one_file_may_map_several_message_types_alike(tmp_path: Path) -> None:
    write_mapping(
        tmp_path, rows_file(GOOD_ROW).replace("message: visit", 'message: ["2203", 2203A]'), "clinic/2203.yaml"
    )
    found = load_mappings(tmp_path)
    assert [mapping.message for mapping in found.values()] == ["2203", "2203A"]


def test_two_files_cannot_map_one_message(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file(GOOD_ROW))
    write_mapping(tmp_path, rows_file(GOOD_ROW).replace("message: visit", "message: [zz, visit]"), "clinic/zz.yaml")
    assert errors_of(tmp_path) == ["zz.yaml:0: message 'visit' is already mapped by visit.yaml; keep one"]


def test_every_error_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file("- {form: a, to: id}\n- {from: a, to: b, type: mony}"))
    write_mapping(tmp_path, rows_file(GOOD_ROW).replace("settle", "setle"), "clinic/visit2.yaml")
    errors = errors_of(tmp_path)
    assert errors == [
        "visit.yaml:8: 'form' is not known here; did you mean 'from'?",
        "visit.yaml:8: a row has exactly one of 'from', 'const' and 'index' ('each' starts a block)",
        "visit.yaml:9: type 'mony' is not one of build rows; write one of string, money, price, quantity, integer, "
        "rate, day, instant, citizen-id, flag",
        "visit2.yaml:2: the file is named 'visit2.yaml' and maps visit; name it after its message",
        "visit2.yaml:3: operation 'setle' is not one the core offers; did you mean 'settle'?",
    ]


def test_the_exception_says_the_same_in_its_text(tmp_path: Path) -> None:
    write_mapping(tmp_path, HEAD)
    with pytest.raises(MappingErrors, match=r"visit\.yaml:1: 'build' is missing"):
        load_mappings(tmp_path)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("{from: a}", "'to' is missing"),
        ("{from: a, const: 1, to: id}", "exactly one of 'from', 'const' and 'index'"),
        ("{from: [a, b], to: id}", "to read a list use an each block"),
        ('{from: "a[*].b", to: id}', "[*] reads a list; use an each block"),
        ("{from: a..b, to: id}", "a name is expected at character 3"),
        ('{from: "a[", to: id}', "a '[' is never closed"),
        ('{from: "a[b]", to: id}', "[b] is neither an index [0], nor [*], nor a condition"),
        ('{from: "a[b[c=1]=2]", to: id}', "may hold names and indexes only"),
        ('{from: "a[0]b", to: id}', "'.' or '[' is expected at character 5"),
        ("{from: a, to: ^id}", "leave out '^'"),
        ("{from: a, to: .}", "name a member"),
        ('{from: a, to: "b[*].c"}', "build lists with `each` or [0]"),
        ('{from: a, to: "b[c=1]"}', "name what to write in the element, after the ']'"),
        ('{from: a, to: "b[c=@d].e"}', "a fixed value, without '@'"),
        ('{from: a, to: "b[0][1]"}', "a list directly inside a list cannot be built"),
        ("{from: a, to: id, map: no-such}", "there is no mappings/maps/no-such.json"),
        ("{from: a, to: id, reverse: true}", "only a row with 'map' can be reversed"),
        ("{from: a, to: id, required: yes}", "required: true or false is expected"),
        ("{from: a, to: id, required: true, default: x}", "a row with a default is never missing"),
        ("{from: a, to: id, type: money, default: 1.234}", "default: '1.234' is not an amount"),
        ('{from: a, to: id, default: ""}', "an empty text is the same as nothing"),
        ('{from: a, to: id, as: "Patient/"}', "write exactly one {} where the value goes"),
        ('{from: a, to: id, as: "{x} {}"}', "write exactly one {} where the value goes"),
        ("{const: 1, to: id, type: money}", "'type' needs 'from'"),
        ("{const: null, to: id}", "const: a value is expected"),
        ("{index: one, to: id}", "index: the number to start from is expected"),
        ("{from: a, to: id, when: b}", "a guard is written {path: value}"),
        ('{from: a, to: id, when: {"b[*].c": 1}}', "put the guard into an each block"),
        ("{from: a, from: b, to: id}", "'from' is written twice"),
        ('{from: "", to: id}', "path: one text is expected"),
        ("{from: a, to: id, default: [1]}", "default: one value is expected"),
        ("{index: 1, to: id, as: x}", "write exactly one {} where the value goes"),
        ("just text", "is expected here, as names with values"),
        ("{each: a, to: item}", "'rows' is missing"),
        ('{each: a, to: "item[0]", rows: []}', "name the list without [ ]"),
        ("{each: a, to: item, rows: {}}", "a list of rows is expected"),
    ],
)
def test_a_row_that_cannot_be_used_is_reported_with_what_to_write(tmp_path: Path, row: str, error: str) -> None:
    write_mapping(tmp_path, rows_file("- " + row))
    errors = errors_of(tmp_path)
    assert errors
    assert all(line.startswith("visit.yaml:8: ") for line in errors)
    assert any(error in line for line in errors), errors


def test_answer_rows_have_types_of_their_own(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file(GOOD_ROW, "- {from: a, to: b, type: citizen-id}"))
    assert errors_of(tmp_path) == [
        "visit.yaml:10: type 'citizen-id' is not one of answer rows; write one of plain, money-text, money, number, "
        "integer, string, day, instant-local, flag"
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "the file is empty; write feed, message, operation, title, build"),
        ("- a", "'feed: …' and so on is expected here, as names with values"),
        ("feed: {a[0]: }}", "put quotation marks around texts that hold [ ] { } , : or #"),
        ("a: \x00", "not YAML"),
        (HEAD + "build: []", "write a list of resource blocks"),
        (HEAD + "build: [{resource: claim, rows: []}]", "resource 'claim' is not a FHIR type"),
        (HEAD + "build: [{resource: Claim}]", "'rows' is missing"),
        (HEAD.replace("clinic", "bank") + "build: []", "feed 'bank' lies in folder 'clinic'"),
        (HEAD.replace("{zh: 就诊, en: visit}", "{en: visit}") + "build: []", "'zh' is missing"),
        (HEAD.replace("visit", "[]", 1) + "build: []", "the file is named 'visit.yaml'"),
    ],
)
def test_a_file_that_cannot_be_used_is_reported_with_what_to_write(tmp_path: Path, text: str, error: str) -> None:
    write_mapping(tmp_path, text)
    assert any(error in line for line in errors_of(tmp_path)), errors_of(tmp_path)


def test_files_in_another_encoding_or_with_another_ending_are_reported(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file(GOOD_ROW))
    (tmp_path / "clinic" / "visit.yaml").write_bytes("title: 就诊".encode("gb18030"))
    write_mapping(tmp_path, rows_file(GOOD_ROW), "clinic/other.yml")
    assert errors_of(tmp_path) == [
        "other.yml:0: mapping files end in .yaml; rename it other.yaml",
        "visit.yaml:0: not UTF-8; save the file as UTF-8",
    ]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert errors_of(tmp_path / "none") == [
        "none:0: there is no such folder; name the one that holds <feed>/<message>.yaml"
    ]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (["{from: a, to: x}", "{from: b, to: x.y}"], "to 'x.y' needs an object where 'x' writes a value"),
        (["{from: a, to: x.y}", "{from: b, to: x}"], "to 'x' needs a value where 'x.y' writes an object"),
        (["{from: a, to: x.y}", '{from: b, to: "x[0].y"}'], "needs a list where 'x.y' writes an object"),
        (['{from: a, to: "x[0]"}', '{from: b, to: "x[1].y"}'], "needs an object where 'x[0]' writes a value"),
        (['{from: a, to: "x[y=1].z"}', '{from: b, to: "x[0].y.z"}'], "needs an object where 'y' writes a value"),
        (['{from: a, to: "x[0]"}', "{each: b, to: x, rows: []}"], "appends objects where 'x[0]' writes values"),
        (
            ["{each: a, to: x, rows: [{from: b, to: c}]}", '{from: b, to: "x[0].c.d"}'],
            "needs an object where 'c' writes a value",
        ),
    ],
)
def test_rows_that_cannot_build_one_tree_are_reported(tmp_path: Path, rows: list[str], error: str) -> None:
    write_mapping(tmp_path, rows_file("\n".join(f"- {row}" for row in rows)))
    errors = errors_of(tmp_path)
    assert len(errors) == 1
    assert errors[0].startswith("visit.yaml:9: ")
    assert error in errors[0]


def test_two_rows_may_write_one_place(tmp_path: Path) -> None:
    write_mapping(tmp_path, rows_file("- {from: a, to: x.y}\n- {from: b, to: x.y}"))
    assert errors_of(tmp_path) == []


@pytest.mark.parametrize(
    ("tree", "error"),
    [
        ({"resourceType": "ValueSet"}, "not a ConceptMap"),
        ([], "not a ConceptMap"),
        ({"resourceType": "ConceptMap"}, "group: a list of at least one group is expected"),
        ({"resourceType": "ConceptMap", "group": [{}]}, "group[0].element: a list of elements is expected"),
        (
            {"resourceType": "ConceptMap", "group": [{"element": [{"code": "1", "target": [{"code": "a"}]}]}]},
            "group[0].element[0]: target: R4 requires equivalence",
        ),
        (
            {"resourceType": "ConceptMap", "group": [{"element": [{"code": "1"}, {"code": 2}, {}]}]},
            "group[0].element[1]: code: a text is expected",
        ),
        (
            {"resourceType": "ConceptMap", "group": [{"element": [{"code": "1", "target": {}}]}]},
            "group[0].element[0]: target: a list is expected",
        ),
        (
            {"resourceType": "ConceptMap", "group": [{"element": [{"code": "1", "target": ["a"]}]}]},
            "group[0].element[0]: target: objects with a code are expected",
        ),
        (
            {
                "resourceType": "ConceptMap",
                "group": [{"element": [{"code": "1", "target": [{"equivalence": "wider"}]}]}],
            },
            "group[0].element[0]: target.code: a text is expected",
        ),
        (
            {"resourceType": "ConceptMap", "group": [{"element": [], "unmapped": {"mode": "other-map"}}]},
            "group[0].unmapped: write mode 'provided', or mode 'fixed' with a code",
        ),
    ],
)
def test_a_code_map_that_cannot_be_used_is_reported(tmp_path: Path, tree: object, error: str) -> None:
    write_concept_map(tmp_path, "kinds", tree)
    write_mapping(tmp_path, rows_file("- {from: a, to: id, map: kinds}"))
    errors = errors_of(tmp_path)
    assert any(line.startswith("kinds.json:0: ") and error in line for line in errors)
    assert not any(line.startswith("visit.yaml") for line in errors), "rows that use the map are not wrong as well"


def test_a_code_mapped_twice_is_reported(tmp_path: Path) -> None:
    one = {"code": "1", "target": [{"code": "a", "equivalence": "equal"}]}
    write_concept_map(tmp_path, "kinds", {"resourceType": "ConceptMap", "group": [{"element": [one, one]}]})
    assert errors_of(tmp_path) == ["kinds.json:0: group[0].element[1].code: '1' is mapped twice; keep one"]


def test_a_misspelt_code_map_is_named(tmp_path: Path) -> None:
    write_map(tmp_path, "med-type", {"11": "outpatient"})
    write_mapping(tmp_path, rows_file("- {from: a, to: id, map: medtype}"))
    assert errors_of(tmp_path) == ["visit.yaml:8: there is no mappings/maps/medtype.json; did you mean 'med-type'?"]


def test_a_code_map_that_is_no_json_is_reported(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "kinds.json").write_bytes(b'{"resourceType": ')
    (error,) = errors_of(tmp_path)
    assert error.startswith("kinds.json:0: not JSON: ")
    assert error.endswith("write a FHIR R4 ConceptMap")


def test_the_mappings_of_the_product_can_be_used() -> None:
    assert load_mappings(Path(__file__).parents[3] / "mappings")
