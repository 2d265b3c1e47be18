"""The suite passes a sound gateway on both databases, finds each planted fault, and says with its exit code which."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from conformance.__main__ import main
from conformance.site import decode
from conformance.suite import GROUPS, scripts_of
from gateway.api.serve import Addresses
from gateway.definitions.library import base_library
from gateway.validation.validate import Validator
from tests.unit.conformance import spoilers as wrong
from tests.unit.conformance.proxies import Spoil, SpoilFrame, spoiling, spoiling_frames
from tests.unit.conformance.served import SECRET, TOKEN, WHO, gateway, places


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, ready_file: Path) -> Iterator[Addresses]:
    folder = tmp_path_factory.mktemp("gateway")
    shutil.copyfile(ready_file, folder / "gateway.db")
    with gateway(folder) as addresses:
        yield addresses


def report(folder: Path) -> dict[str, Any]:
    tree: dict[str, Any] = msgspec.json.decode((folder / "report.json").read_bytes())
    return tree


def failed(folder: Path) -> set[str]:
    return {f"{each['group']}/{each['name']}" for each in report(folder)["checks"] if each["verdict"] == "failed"}


def only(checks: set[str]) -> list[str]:
    """The options that ask for these checks alone."""
    return [option for each in sorted(checks) for option in ("--test", each)]


def test_a_sound_gateway_passes_every_group(store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with gateway(tmp_path, store_url) as addresses:
        code = main(["run", *places(addresses), *WHO, "--out", str(tmp_path / "out")])

    assert code == 0, capsys.readouterr().out
    told = report(tmp_path / "out")
    assert set(told["counts"]) == {"passed", "not offered"}
    assert {each["group"] for each in told["checks"]} == set(GROUPS)
    assert all(each["requirement"] and each["requirement_zh"] and each["source"] for each in told["checks"])
    assert told["seconds"] < 180
    reports_of_a_run_agree(tmp_path / "out")


def reports_of_a_run_agree(folder: Path) -> None:
    """All four have every check, none has a secret, and the FHIR one is valid."""
    told = report(folder)
    names = [each["name"] for each in told["checks"]]
    page = (folder / "report.html").read_text("utf-8")
    assert all(f"<b>{name}</b>" in page for name in names)
    assert "一致性检查报告" in page
    assert "<script" not in page
    assert "https://hl7.org/fhir/R4/" in page
    root = ElementTree.fromstring((folder / "junit.xml").read_bytes())
    assert [each.get("name") for each in root.iter("testcase")] == names
    bundle = decode((folder / "testreport.json").read_bytes())
    issues = Validator(base_library()).validate(bundle)
    assert [each for each in issues if each.severity == "error"] == []
    assert [test["name"] for entry in bundle["entry"] for test in entry["resource"]["test"]] == names
    for each in folder.iterdir():
        assert TOKEN not in each.read_text("utf-8"), each
        assert SECRET not in each.read_text("utf-8"), each


def test_every_test_is_named_once_and_says_what_it_proves() -> None:
    for group in GROUPS:
        scripts = scripts_of(group)
        assert len({each.name for each in scripts}) == len(scripts), group
        for each in scripts:
            assert each.steps, each.name
            assert each.requirement.isascii(), each.name
            assert any("一" <= letter <= "鿿" for letter in each.requirement_zh), each.name


def test_testscripts_are_valid_fhir() -> None:
    validator = Validator(base_library())
    paths = [path for path in Path("conformance/tests").glob("*/*.json") if path.parent.name != "fixtures"]
    assert len(paths) >= 3
    for path in paths:
        issues = validator.validate(decode(path.read_bytes()))
        assert [each for each in issues if each.severity == "error"] == [], path


HTTP: list[tuple[Spoil | Callable[[], Spoil], set[str]]] = [
    (wrong.changed_amount, {"settlement/conservation", "settlement/stored"}),
    (wrong.dropped_element, {"settlement/trial-is-final"}),
    (wrong.wrong_status, {"settlement/other-content"}),
    (wrong.plain_errors, {"settlement/bad-claims", "settlement/settled-once", "settlement/withdrawn"}),
    (wrong.wrong_content_type, {"rest/create-and-read", "rest/unknown-id"}),
    (wrong.wrong_etag, {"rest/create-and-read"}),
    (wrong.stale_version, {"rest/update"}),
    (wrong.doubled_entry, {"search/token", "search/paging"}),
    (wrong.truncated_body, {"settlement/conservation"}),
    (wrong.changed_id, {"rest/create-and-read"}),
    (wrong.swapped_lines, {"settlement/lines"}),
    (wrong.wrong_currency, {"settlement/two-decimals"}),
    (wrong.reordered_totals, {"settlement/order-of-totals"}),
    (wrong.one_decimal, {"settlement/two-decimals"}),
    (wrong.flipped_infcode, {"nhsa/bad-envelopes", "nhsa/outpatient"}),
    (wrong.nhsa_amount, {"nhsa/outpatient", "nhsa/inpatient"}),
    (wrong.missing_next, {"search/paging"}),
    (wrong.extra_resource, {"search/token", "search/declared-parameters"}),
    (wrong.cached_answers, {"search/at-once"}),
    (wrong.cached_answers, {"rest/update"}),
    (wrong.never_the_same, {"settlement/repeat"}),
    (wrong.open_doors, {"capability/strangers"}),
]
MADE_ANEW = (wrong.extra_resource, wrong.cached_answers, wrong.never_the_same)


@pytest.mark.parametrize(("spoil", "found"), HTTP, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_fault_is_found(served: Addresses, tmp_path: Path, spoil: Any, found: set[str]) -> None:
    with spoiling(served.base_url, spoil() if spoil in MADE_ANEW else spoil) as base:
        where = ["--base", f"{base}/fhir", "--nhsa", f"{base}/fsi/api/call"]
        code = main(["run", *where, *WHO, *only(found), "--out", str(tmp_path)])

    assert (code, failed(tmp_path)) == (1, found)


def test_an_element_that_fhir_does_not_know_is_found(served: Addresses, tmp_path: Path) -> None:
    wanted = {"settlement/lines", "profiles/ClaimResponse"}
    with spoiling(served.base_url, wrong.unknown_element) as base:
        code = main(["run", "--base", f"{base}/fhir", *WHO, *only(wanted), "--out", str(tmp_path)])

    assert (code, failed(tmp_path)) == (1, {"profiles/ClaimResponse"})


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (wrong.no_err, {"v2/refused-at-the-door", "v2/content-refused"}),
        (wrong.yes, {"v2/refused-at-the-door", "v2/content-refused"}),
        (wrong.other_control_id, {"v2/taken", "v2/conversation"}),
        (wrong.twice, {"v2/taken", "v2/conversation"}),
        (wrong.unframed, {"v2/junk"}),
        (wrong.other_sum, {"v2/conversation"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_fault_in_frames_is_found(
    served: Addresses, tmp_path: Path, spoil: SpoilFrame, found: set[str]
) -> None:
    with spoiling_frames(served.host, served.mllp_port, spoil) as listener:
        where = ["--base", f"{served.base_url}/fhir", "--mllp", listener]
        code = main(["run", *where, *WHO, *only(found), "--out", str(tmp_path)])

    assert (code, failed(tmp_path)) == (1, found)


def test_a_group_without_an_address_is_not_asked(served: Addresses, tmp_path: Path) -> None:
    code = main(["run", "--base", f"{served.base_url}/fhir", *WHO, "--group", "v2", "--out", str(tmp_path)])

    assert code == 0
    assert set(report(tmp_path)["counts"]) == {"not asked"}


def test_nobody_at_the_address_and_wrong_arguments_end_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--base", "http://127.0.0.1:1/fhir", *WHO]) == 2
    assert "does not answer" in capsys.readouterr().err
    assert main(["run", "--base", "http://127.0.0.1:1/fhir", *WHO, "--package", str(tmp_path / "no.tgz")]) == 2
    with pytest.raises(SystemExit) as ended:
        main(["run", "--base", "http://127.0.0.1:1/fhir", *WHO, "--mllp", "nowhere"])
    assert ended.value.code == 2
