"""The suite passes a sound gateway, finds each planted fault by its name, and says with its exit code which it was."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from conformance.__main__ import GROUPS, main
from gateway.api.serve import Addresses
from tests.unit.conformance.served import CITIZEN, CITY, TODAY, TOKEN, Answer, Spoil, gateway, spoiling, yes_sayer

WHO = ["--token", TOKEN, "--institution", CITY, "--citizen-id", CITIZEN.citizen_id, "--day", str(TODAY)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    with gateway(tmp_path_factory.mktemp("gateway")) as addresses:
        yield addresses


def failed_checks(folder: Path) -> set[str]:
    report = msgspec.json.decode((folder / "report.json").read_bytes())
    return {each["name"] for each in report["checks"] if each["verdict"] == "failed"}


def test_a_sound_gateway_passes_every_check(
    served: Addresses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--mllp", f"{served.host}:{served.mllp_port}", "--nhsa", f"{served.base_url}/fsi/api/call"]

    code = main(["run", "--base", f"{served.base_url}/fhir", *places, *WHO, "--out", str(tmp_path)])

    assert code == 0, capsys.readouterr().out
    report = msgspec.json.decode((tmp_path / "report.json").read_bytes())
    assert report["counts"] == {"passed": sum(len(group.checks) for group in GROUPS)}
    assert all(each["requirement"] and each["source"] for each in report["checks"])
    assert "<h1>" in (tmp_path / "report.html").read_text("utf-8")


def another_fen(path: str, answer: Answer) -> Answer:
    """What the person pays in cash is a fen more than the rest of the answer says."""
    found = re.search(rb'"code":"cash"}\]},"amount":{"value":[0-9]+\.(\d\d)', answer.body)
    if found is None or not path.endswith("$submit"):
        return answer
    fen = b"%02d" % ((int(found[1]) + 1) % 100)
    return answer._replace(body=answer.body[: found.start(1)] + fen + answer.body[found.end(1) :])


def never_the_same(path: str, answer: Answer, seen: list[int] = []) -> Answer:  # noqa: B006 (counts the answers)
    """Every settlement is answered with another time."""
    seen.append(1)
    changed = re.sub(rb'"created":"[^"]*"', b'"created":"2015-03-20T00:%02d:00Z"' % (len(seen) % 60), answer.body)
    return answer._replace(body=changed) if path.endswith("$submit") else answer


def plain_errors(path: str, answer: Answer) -> Answer:
    """Refusals are plain text."""
    return answer._replace(body=b"bad request") if answer.status >= 400 and "Claim" in path else answer


def deaf_searches(path: str, answer: Answer) -> Answer:
    """A search finds nothing, whatever it is for."""
    if "?" not in path or "_count" in path or b'"searchset"' not in answer.body:
        return answer
    return answer._replace(body=b'{"resourceType":"Bundle","type":"searchset","total":0,"link":[]}')


def lax_searches(path: str, answer: Answer) -> Answer:
    """A search by status finds what has another one."""
    changed = answer.body.replace(b'"status":"active"', b'"status":"draft"')
    return answer._replace(body=changed) if "status=active" in path else answer


def always_well(path: str, answer: Answer) -> Answer:
    """Every transaction succeeds."""
    return answer._replace(body=answer.body.replace(b'"infcode":-1', b'"infcode":0')) if "/fsi/" in path else answer


@pytest.mark.parametrize(
    ("spoil", "group", "found"),
    [
        (another_fen, "settlement", {"conservation", "stored"}),
        (never_the_same, "settlement", {"repeat", "stored"}),
        (plain_errors, "settlement", {"other-content", "settled-once", "bad-claims"}),
        (deaf_searches, "capability", {"searches"}),
        (lax_searches, "capability", {"searches"}),
        (always_well, "nhsa", {"bad-envelopes", "any-path"}),
    ],
)
def test_a_planted_fault_is_found(served: Addresses, tmp_path: Path, spoil: Spoil, group: str, found: set[str]) -> None:
    with spoiling(served.base_url, spoil) as base:
        places = ["--base", f"{base}/fhir", "--nhsa", f"{base}/fsi/api/call"]
        code = main(["run", *places, *WHO, "--group", group, "--out", str(tmp_path)])

    assert (code, failed_checks(tmp_path)) == (1, found)


def test_a_listener_that_says_yes_to_everything_is_found(served: Addresses, tmp_path: Path) -> None:
    with yes_sayer() as listener:
        places = ["--base", f"{served.base_url}/fhir", "--mllp", listener]
        code = main(["run", *places, *WHO, "--group", "v2", "--out", str(tmp_path)])

    assert (code, failed_checks(tmp_path)) == (1, {"broken-messages", "junk", "many-on-one-connection", "pieces"})


def test_a_group_without_an_address_is_not_asked(served: Addresses, tmp_path: Path) -> None:
    code = main(["run", "--base", f"{served.base_url}/fhir", *WHO, "--group", "v2", "--out", str(tmp_path)])

    assert code == 0
    assert set(msgspec.json.decode((tmp_path / "report.json").read_bytes())["counts"]) == {"not asked"}


def test_nobody_at_the_address_and_wrong_arguments_end_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--base", "http://127.0.0.1:1/fhir", *WHO]) == 2
    assert "does not answer" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["run", "--base", "http://127.0.0.1:1/fhir", *WHO, "--mllp", "nowhere"])
    assert ended.value.code == 2
