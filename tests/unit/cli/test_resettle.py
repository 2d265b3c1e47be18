"""Re-settlement as the agency asks for it: over HTTP, and by `gateway resettle` once the gateway has stopped."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from typer.testing import CliRunner

from gateway.api.serve import serving
from gateway.cli import app
from gateway.system import Settings, open_system
from tests.bench.claims import fhir_claim
from tests.bench.world import AGENCY_TOKEN, CITY_TOKEN, TODAY, bearer, environment, make_home, settle_people


@dataclass(frozen=True, slots=True)
class Year:
    """A person's year: two stays, the id of the first settlement, the agency's client."""

    home: Path
    patient: str
    first: str
    agency: httpx.Client
    city: httpx.Client


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    make_home(tmp_path)
    system = open_system(Settings(home=tmp_path, database_url="", business_date=TODAY))
    with serving(system) as addresses:
        person = settle_people(addresses.base_url, 1)[0]
        clients = [
            httpx.Client(base_url=addresses.base_url, headers=bearer(token), timeout=30, trust_env=False)
            for token in (AGENCY_TOKEN, CITY_TOKEN)
        ]
        answers = [clients[1].post("/fhir/Claim/$submit", content=fhir_claim(person, f"n{n}")) for n in range(2)]
        first = msgspec.json.decode(answers[0].raise_for_status().content)["id"]
        answers[1].raise_for_status()
        yield Year(tmp_path, person.id, first, *clients)
        for client in clients:
            client.close()
    system.close()


def differences(answer: httpx.Response) -> dict[str, Decimal]:
    body = msgspec.json.Decoder(float_hook=Decimal).decode(answer.raise_for_status().content)
    return {each["name"]: each["valueMoney"]["value"] for each in body["parameter"] if "valueMoney" in each}


def command(home: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["resettle", *arguments], env=environment(home))
    return result.exit_code, result.stdout


def test_a_year_in_order_has_no_differences_and_a_cancelled_first_stay_has(year: Year) -> None:
    nothing = {"fund-difference": 0, "person-difference": 0}

    assert differences(year.agency.post(f"/fhir/Patient/{year.patient}/$resettle")) == nothing
    assert differences(year.agency.post(f"/fhir/Patient/{year.patient}/$resettle?year=2014")) == nothing
    assert differences(year.agency.post(f"/fhir/ClaimResponse/{year.first}/$resettle")) == nothing
    withdrawn = b'{"resourceType": "Claim", "status": "cancelled"}'
    answer = year.agency.post(f"/fhir/ClaimResponse/{year.first}/$resettle", content=withdrawn)
    assert differences(answer)["fund-difference"] < 0
    cancelled = msgspec.json.decode(year.agency.get(f"/fhir/ClaimResponse/{year.first}").content)
    assert cancelled["status"] == "cancelled"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/fhir/Patient/nobody/$resettle", b"", 404),
        ("/fhir/Patient/nobody/$resettle?year=%27", b"", 400),
        ("/fhir/ClaimResponse/none/$resettle", b"", 404),
        ("/fhir/ClaimResponse/none/$resettle", b"{", 400),
        ("/fhir/ClaimResponse/none/$resettle", b'{"resourceType": "Claim", "identifier": 3}', 400),
    ],
)
def test_what_cannot_be_resettled_is_refused(year: Year, path: str, body: bytes, status: int) -> None:
    assert year.agency.post(path, content=body).status_code == status
    assert year.city.post(f"/fhir/Patient/{year.patient}/$resettle").status_code == 403


def test_both_operations_are_declared(year: Year) -> None:
    metadata: Any = msgspec.json.decode(year.agency.get("/fhir/metadata").content)
    offered = {
        each["type"]: [one["name"] for one in each.get("operation", ())] for each in metadata["rest"][0]["resource"]
    }

    assert "resettle" in offered["Patient"]
    assert "resettle" in offered["ClaimResponse"]


def test_the_command_decides_the_year_of_a_person_again(tmp_path: Path) -> None:
    make_home(tmp_path)
    system = open_system(Settings(home=tmp_path, database_url="", business_date=TODAY))
    with serving(system) as addresses:
        person = settle_people(addresses.base_url, 1)[0]
        answer = httpx.post(
            f"{addresses.base_url}/fhir/Claim/$submit", content=fhir_claim(person, "c"), headers=bearer(CITY_TOKEN),
            trust_env=False,
        )  # fmt: skip
        answer.raise_for_status()
        assert command(tmp_path, "--person", person.id)[0] == 2, "the serving gateway holds the file"
    system.close()

    code, said = command(tmp_path, "--person", person.citizen_id, "--json")
    assert (code, msgspec.json.decode(said)) == (
        0,
        {"replaced": [], "fund-difference": "0.00", "person-difference": "0.00"},
    )
    assert command(tmp_path, "--person", person.id, "--year", "2014")[0] == 0
    assert command(tmp_path, "--person", "nobody")[0] == 1
