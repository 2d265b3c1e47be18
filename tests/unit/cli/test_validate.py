"""`gateway validate`: what it reads, the forms it tells in, and how it ends."""

from pathlib import Path

import msgspec
import pytest
import typer
from typer.testing import CliRunner, Result

from gateway.cli.validate import validate
from gateway.fhir.json import encode
from tests.unit.validation.samples import HERE, bundle, claim, patient, profile

app = typer.Typer()
app.command()(validate)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FHIR_PACKAGE_DIR", raising=False)


def run(*words: object, given: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(each) for each in words], input=given)


def written(folder: Path, name: str, value: object) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(value if isinstance(value, bytes) else encode(value))
    return file


def test_a_valid_resource_ends_well(tmp_path: Path) -> None:
    result = run(written(tmp_path, "claim.json", claim()))

    assert (result.exit_code, result.stdout.strip()) == (0, "without error 1/1")


def test_a_wrong_one_ends_with_one_and_is_told_in_both_languages(tmp_path: Path) -> None:
    result = run(written(tmp_path, "patient.json", patient(gender="boy")))

    assert result.exit_code == 1
    assert "unknown-code" in result.stdout
    assert "Patient.gender" in result.stdout
    assert "不在值集" in result.stdout


def test_folders_ndjson_bundles_xml_and_the_input_stream_are_read(tmp_path: Path) -> None:
    written(tmp_path, "in/a.json", bundle(patient()))
    written(tmp_path, "in/below/b.ndjson", encode(patient()) + b"\n\n" + encode(patient(gender="boy")) + b"\n")
    written(tmp_path, "in/c.xml", b'<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>')
    written(tmp_path, "in/d.txt", b"not looked at")
    result = run(tmp_path / "in", "--format", "json")
    told = msgspec.json.decode(result.stdout)

    assert [Path(each["file"]).name for each in told] == ["a.json", "b.ndjson:1", "b.ndjson:3", "c.xml"]
    assert [any(issue["severity"] == "error" for issue in each["issues"]) for each in told] == [
        False,
        False,
        True,
        False,
    ]
    assert run("-", given=encode(patient())).exit_code == 0
    assert run("-", given=b'{"resourceType":"Patient","id":"a","id":"b"}').exit_code == 1


def test_an_operation_outcome_is_itself_valid(tmp_path: Path) -> None:
    result = run(written(tmp_path, "patient.json", patient(gender="boy")), "--format", "outcome")
    outcome = written(tmp_path, "outcome.json", result.stdout.encode())

    assert '"expression"' in result.stdout
    assert run(outcome).exit_code == 0


def test_a_report_is_one_page_with_everything_escaped(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = run(written(tmp_path, "p.json", patient(gender="<b>")), "--format", "html", "--out", page)

    assert result.exit_code == 1
    assert "&lt;b&gt;" in page.read_text("utf-8")
    assert "<b>" not in page.read_text("utf-8")


def test_a_package_brings_profiles_and_is_checked_against_itself(tmp_path: Path) -> None:
    strict = profile("Patient", {"path": "Patient.photo", "min": 1})
    folder = tmp_path / "mine"
    manifest = {"name": "my.own", "version": "1.0.0", "fhirVersions": ["4.0.1"]}
    written(folder, "package/package.json", manifest)
    written(folder, "package/StructureDefinition-by-hand.json", strict)
    written(folder, "package/example/Patient-a.json", patient(meta={"profile": [strict["url"]]}))
    seen = written(tmp_path, "patient.json", patient())

    checked = run("--package", folder, "--self-check")
    assert checked.exit_code == 1
    assert "profiles compiled 1/1" in checked.stdout
    assert "examples without error 0/1" in checked.stdout
    assert "Patient.photo" in checked.stdout
    assert run(seen, "--package", folder).exit_code == 0
    assert run(seen, "--package", folder, "--profile", f"{HERE}by-hand").exit_code == 1


@pytest.mark.parametrize(
    "words", [[], ["--self-check"], ["nowhere.json"], ["--self-check", "--package", "nowhere"], ["--format", "x"]]
)
def test_what_cannot_be_read_ends_with_two(words: list[str]) -> None:
    assert run(*words).exit_code == 2
