"""The police feed: which rows are taken, under which key, and how the bureau is answered."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from adapters.police import table
from adapters.police.adapter import ADAPTER
from adapters.police.columns import LONGEST, MANDATORY, NEEDED
from adapters.police.sender import SENDER, Change
from gateway.contract import Context, FileAdapter, Incoming
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir, to_tree
from gateway.kernel.problem import Problem, Refusal

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "adapters/police/samples"
MAPPING = load_mappings(ROOT / "mappings")[("police", "population")]
CONTEXT = Context(datetime(2015, 3, 2, 1, tzinfo=UTC), "321182" + "0" * 24, "321182")
DAY = date(2015, 3, 1)
MAN, WOMAN = SENDER.citizen_id(date(1960, 5, 5), 1), SENDER.citizen_id(date(1960, 5, 5), 2)
REGISTERED = Change("登记", "2015-0001", MAN, "测试一", DAY, household="H0001")


def file_of(*changes: Change, charset: str = "utf-8") -> bytes:
    return SENDER.population_file(changes or [REGISTERED], charset=charset)


def rows_of(*rows: dict[str, str]) -> bytes:
    """A file of rows that differ from a good one in the given cells, whatever they hold."""
    good = dict(zip(*csv.reader(io.StringIO(file_of().decode())), strict=True))
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(good), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{**good, **row} for row in rows])
    return written.getvalue().encode()


def split(body: bytes, path: str = "", content_type: str = "") -> Sequence[Incoming]:
    return ADAPTER.split(Incoming(body, path, {"content-type": content_type}))


def problems(row: dict[str, str]) -> list[tuple[str, str]]:
    """Why a row is refused, as (code, column)."""
    return [(problem.code, problem.path) for problem in refused(split(rows_of(row))[0])]


def refused(record: Incoming) -> tuple[Problem, ...]:
    try:
        ADAPTER.decode(record)
    except Refusal as refusal:
        return refusal.problems
    return ()


def names_of(body: bytes, path: str = "", content_type: str = "") -> list[str]:
    return [ADAPTER.decode(record).tree["姓名"] for record in split(body, path, content_type)]


def report_of(body: bytes) -> bytes:
    replies = []
    for record in split(body):
        found = refused(record)
        reply = ADAPTER.refuse(record, found, CONTEXT) if found else ADAPTER.encode(ADAPTER.decode(record), {}, CONTEXT)
        replies.append(reply)
    return ADAPTER.report(Incoming(body), replies, CONTEXT)


def test_it_is_a_file_adapter() -> None:
    assert isinstance(ADAPTER, FileAdapter)
    assert ADAPTER.feed == SENDER.feed == "police"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_character_set_says_the_same_and_is_answered_in_itself(charset: str) -> None:
    body = file_of(REGISTERED._replace(name="测𠮷一"), REGISTERED._replace(name=""), charset=charset)
    report = report_of(body)

    assert ADAPTER.decode(split(body)[0]).tree["姓名"] == "测𠮷一"
    assert report.decode(charset).startswith("行号,结果,代码,说明\r\n")
    assert report.startswith(b"\xef\xbb\xbf") == (charset == "utf-8-sig")


def test_a_stated_character_set_is_used_strictly() -> None:
    body = file_of(charset="gb18030")

    assert names_of(body, content_type='text/csv; charset="GB18030"') == ["测试一"]
    assert names_of(body, path="in/2015-03-01.gb18030.csv") == ["测试一"]
    with pytest.raises(Refusal, match="missing-header"):
        split(body, content_type="text/csv; charset=utf-8")
    with pytest.raises(Refusal, match="charset-unsupported"):
        split(body, content_type="text/csv; charset=big5")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_blank_lines_comments_and_column_order_do_not_matter(end: str) -> None:
    header, row = (line.split(",") for line in file_of().decode().split())
    body = end.join(["# 3月", ",".join([*header[::-1], "其他"]), "", ",,,", ",".join([*row[::-1], "x"])])

    assert ADAPTER.decode(split(body.encode())[0]) == ADAPTER.decode(split(file_of())[0])


def test_cells_stay_text_whatever_they_begin_with() -> None:
    for note in ("=1+1", "+86", "-", "@SUM(A1)", '="a",""b"', "007"):
        assert ADAPTER.decode(split(rows_of({"备注": note}))[0]).tree["备注"] == note


def test_private_use_characters_of_rare_names_are_taken() -> None:
    body = file_of(REGISTERED._replace(name="测\ue5e5\u3000一"), charset="gb18030")

    assert names_of(body) == ["测\ue5e5\u3000一"]


def test_the_key_is_the_units_own_number_and_no_file_or_line() -> None:
    key = ADAPTER.read_key(split(file_of())[0])
    later = split(file_of(REGISTERED._replace(number="2015-0002"), REGISTERED, charset="gb18030"))[1]

    assert (key.sender, key.id) == ("PSB321182", "2015-0001")
    assert ADAPTER.read_key(later) == key


def test_days_and_citizen_ids_written_otherwise_are_the_same_content() -> None:
    old_card = MAN[:6] + MAN[8:17]
    written = rows_of({"变动日期": "20150301", "公民身份号码": old_card, "姓名": " 测试一 "})

    assert ADAPTER.read_key(split(written)[0]) == ADAPTER.read_key(split(file_of())[0])
    assert ADAPTER.decode(split(written)[0]).tree["公民身份号码"] == MAN


def test_other_values_under_the_same_number_are_other_content() -> None:
    key, other = (
        ADAPTER.read_key(split(file_of(change))[0]) for change in (REGISTERED, REGISTERED._replace(name="张测试"))
    )

    assert key.id == other.id
    assert key.content != other.content


def test_the_mapping_makes_a_patient_and_the_event() -> None:
    change = REGISTERED._replace(relation="02", head_id=WOMAN, address="测试路1号", note="补录")
    patient, event = to_fhir(MAPPING, ADAPTER.decode(split(file_of(change))[0]).tree)
    base = "https://gateway.example/fhir"

    assert patient == {
        "resourceType": "Patient",
        "identifier": [{"system": f"{base}/sid/citizen-id", "value": MAN}],
        "name": [{"text": "测试一"}],
        "gender": "male",
        "birthDate": "1960-05-05",
        "address": [{"text": "测试路1号"}],
        "extension": [
            {"url": f"{base}/StructureDefinition/household", "valueString": "H0001"},
            {"url": f"{base}/StructureDefinition/household-relation", "valueString": "02"},
        ],
    }
    assert event == {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "event", "valueCode": "register"},
            {"name": "event-day", "valueDate": "2015-03-01"},
            {"name": "household-head", "valueString": WOMAN},
            {"name": "registered-area", "valueCode": "321182"},
            {"name": "reason", "valueString": "补录"},
        ],
    }


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (REGISTERED._replace(event="出生"), "birth"),
        (REGISTERED, "register"),
        (REGISTERED._replace(event="死亡", died_on=date(2015, 2, 28)), "death"),
        (REGISTERED._replace(event="迁入"), "move-in"),
        (REGISTERED._replace(event="迁出"), "move-out"),
        (REGISTERED._replace(event="变更号码", new_citizen_id=WOMAN), "id-change"),
        (REGISTERED._replace(event="户变动", relation="户主"), "household"),
    ],
)
def test_every_kind_of_change_becomes_its_event(change: Change, event: str) -> None:
    [_, parameters] = to_fhir(MAPPING, ADAPTER.decode(split(file_of(change))[0]).tree)
    stated = {each["name"]: each for each in parameters["parameter"]}

    assert stated["event"]["valueCode"] == event
    assert ("new-citizen-id" in stated) == (event == "id-change")


@pytest.mark.parametrize(("event", "needed"), NEEDED.items())
def test_each_event_needs_its_cells(event: str, needed: tuple[str, ...]) -> None:
    always = set(MANDATORY) - {"报送单位", "变动序号", "变动类型"}
    empty = {name: "" for name in LONGEST if name not in ("报送单位", "变动序号")} | {"变动类型": event}

    assert set(problems(empty)) == {("missing-field", name) for name in always | set(needed)}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"公民身份号码": MAN[:17] + "0"}, [("citizen-id-checksum", "公民身份号码")]),
        ({"公民身份号码": "32118219600230001X"}, [("citizen-id-birth-date", "公民身份号码")]),
        ({"公民身份号码": "12345"}, [("citizen-id-shape", "公民身份号码")]),
        ({"户主公民身份号码": MAN[:17] + "0"}, [("citizen-id-checksum", "户主公民身份号码")]),
        ({"性别": "女"}, [("sex-differs", "性别")]),
        ({"性别": "2"}, [("sex-differs", "性别")]),
        ({"性别": "男性"}, [("unknown-sex", "性别")]),
        ({"出生日期": "1960-05-06"}, [("birth-date-differs", "出生日期")]),
        ({"出生日期": "1960-02-30"}, [("bad-day", "出生日期")]),
        ({"变动日期": "2015/3/1"}, [("bad-day", "变动日期")]),
        ({"变动日期": "1960-05-04"}, [("day-order", "出生日期")]),
        ({"变动类型": "死亡", "死亡日期": "2015-03-02"}, [("day-order", "死亡日期")]),
        ({"变动类型": "死亡", "死亡日期": "1960-05-04"}, [("day-order", "出生日期")]),
        ({"死亡日期": "2015-02-28"}, [("not-for-event", "死亡日期")]),
        ({"新公民身份号码": WOMAN}, [("not-for-event", "新公民身份号码")]),
        ({"变动类型": "变更号码", "新公民身份号码": MAN}, [("same-citizen-id", "新公民身份号码")]),
        ({"变动类型": "变更号码", "新公民身份号码": WOMAN}, [("sex-differs", "性别")]),
        ({"变动类型": "注销"}, [("unknown-event", "变动类型")]),
        ({"户籍地": "32118"}, [("area-code", "户籍地")]),
        ({"姓名": "测" * 51}, [("too-long", "姓名")]),
        ({"姓名": "测\t试"}, [("bad-text", "姓名")]),
        ({"变动序号": ""}, [("missing-reference", "变动序号")]),
        ({"报送单位": "公安局"}, [("missing-reference", "报送单位")]),
    ],
)
def test_a_row_is_refused_with_its_columns(cells: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert problems(cells) == found


@pytest.mark.parametrize("sex", ["男", "1", "0", "9"])
def test_sex_in_words_and_codes_agrees_and_an_unknown_one_does_not_disagree(sex: str) -> None:
    assert problems({"性别": sex}) == []


def test_all_reasons_of_a_row_are_given_at_once() -> None:
    row = {"性别": "女", "出生日期": "1960-02-30", "变动类型": "死亡", "公民身份号码": MAN, "户籍地": "x"}

    assert {code for code, _ in problems(row)} == {"sex-differs", "bad-day", "missing-field", "area-code"}


def test_a_row_that_cannot_be_read_spoils_no_other() -> None:
    header, row = file_of().split(b"\r\n")[:2]
    long = row.replace("测试一".encode(), b"x" * table.MAX_LINE)
    bad = [row[:30], row + b",", b'"' + row, row.replace(b",321182", b',"a"b'), row.replace(b"PSB", b"\xff"), long]
    records = split(b"\n".join([header, *bad, row]))

    assert [[problem.code for problem in refused(record)] for record in records] == [
        ["column-count"],
        ["column-count"],
        ["bad-quotes"],
        ["bad-quotes"],
        ["bad-charset"],
        ["row-too-long"],
        [],
    ]
    for record in records[:-1]:
        with pytest.raises(Refusal):
            ADAPTER.read_key(record)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ["missing-header"]),
        (b"\x00\x01", ["missing-header"]),
        (b"a,b,c\n1,2,3\n", ["missing-header"]),
        (b'"\n', ["missing-header"]),
        (file_of().split(b"\r\n", 1)[1], ["missing-header"]),
        (file_of().split(b"\r\n", 1)[0], ["no-rows"]),
        ("姓名,姓名\n".encode(), ["missing-column"] * 5 + ["repeated-column"]),
        (file_of().decode().encode("utf-16"), ["charset-unsupported"]),
        (b"\xff\xff\xff\xff\n", ["bad-charset"]),
        (b" " * (table.MAX_BYTES + 1), ["file-too-large"]),
    ],
    ids=["empty", "binary", "other", "quote", "no header", "no rows", "columns", "utf-16", "bytes", "large"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(body: bytes, codes: list[str]) -> None:
    with pytest.raises(Refusal) as refusal:
        split(body)
    answer = ADAPTER.refuse(Incoming(body), refusal.value.problems, CONTEXT).decode("utf-8-sig")

    assert [problem.code for problem in refusal.value.problems] == codes
    assert [line[1:3] for line in csv.reader(io.StringIO(answer))] == [
        ["结果", "代码"],
        *(["拒绝", code] for code in codes),
    ]


def test_a_file_has_a_largest_number_of_rows() -> None:
    body = file_of(REGISTERED, REGISTERED)

    assert len(table.read_rows(body, "utf-8", most=2)) == 2
    with pytest.raises(Refusal, match="too-many-rows"):
        table.read_rows(body, "utf-8", most=1)


def test_a_file_is_not_taken_for_a_row() -> None:
    for read in (ADAPTER.read_key, ADAPTER.decode):
        with pytest.raises(Refusal, match="not-a-population-row"):
            read(Incoming(file_of()))


def test_files_carry_no_proof_of_their_own() -> None:
    assert ADAPTER.check_proof(split(file_of())[0], secret="s", now=CONTEXT.now) == []


def test_a_rows_answer_has_our_number_and_no_line() -> None:
    message = ADAPTER.decode(split(file_of())[0])
    answer = to_tree(MAPPING, {"Context": {"reference": CONTEXT.reference}})

    assert ADAPTER.encode(message, answer, CONTEXT).decode() == f"接受,,回执号 {CONTEXT.reference}\r\n"


def test_the_report_counts_and_names_each_refused_line_of_this_file() -> None:
    report = report_of(b"# 3\n" + rows_of({}, {"性别": "女", "户籍地": "x"}, {}))

    assert list(csv.reader(io.StringIO(report.decode()))) == [
        ["行号", "结果", "代码", "说明"],
        ["", "合计", "", "共3行,接受2行,拒绝1行 / 3 rows, 2 accepted, 1 refused"],
        [
            "4",
            "拒绝",
            "area-code",
            "“x”不是医保区划代码:应为六位数字,如 321182 / "
            "'x' is not an area code: send six digits such as 321182 [户籍地]",
        ],
        [
            "4",
            "拒绝",
            "sex-differs",
            "性别与公民身份号码第17位不符:请核对 / "
            "the sex is not that of the citizen ID's 17th digit: check both [性别]",
        ],
    ]


@pytest.mark.parametrize("scenario", sorted(path.name for path in SAMPLES.iterdir()))
def test_every_sample_is_taken_or_refused_as_it_says(scenario: str) -> None:
    given = yaml.safe_load((SAMPLES / scenario / "given.yaml").read_text("utf-8"))
    found = {path.name: outcome(path.read_bytes()) for path in sorted((SAMPLES / scenario).glob("*.in"))}

    assert found == given["expect"]


def outcome(body: bytes) -> object:
    try:
        return [record_outcome(record) for record in split(body)]
    except Refusal as refusal:
        return {"refused": [problem.code for problem in refusal.problems]}


def record_outcome(record: Incoming) -> object:
    try:
        ADAPTER.read_key(record)
        to_fhir(MAPPING, ADAPTER.decode(record).tree)
    except Refusal as refusal:
        return [problem.code for problem in refusal.problems]
    return "accepted"
