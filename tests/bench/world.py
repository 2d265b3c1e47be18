"""A gateway with people in it: its home folder and partners, the `gateway serve` process, residents who have paid.

The residents come in as they do in life: by police file and bank notification. The clock of the world starts at nine in
the morning of 20 March 2015 whenever its gateway starts.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

from adapters.bank.sender import SENDER as BANK
from adapters.bank.sender import Credit
from adapters.police.sender import SENDER as POLICE
from gateway.fhir.systems import sid
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.security.partners import token_digest

AREA = "321182"
TODAY = date(2015, 3, 20)
CITY, TOWNSHIP = "H32118200001", "H32118200101"
NHSA_SECRET = "secret of the city hospital"
CITY_TOKEN, TOWNSHIP_TOKEN = "token of the city hospital", "token of the township centre"
BANK_TOKEN, POLICE_TOKEN, AGENCY_TOKEN = "token of the bank", "token of the police", "token of the agency"
ACCOUNT, UNIT = "10001", "PSB321182"
BORN_ON, NAMES = date(1950, 1, 1), ("测试一", "测试二", "测试三", "张测试", "李测试")
FILE_OF = 500
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Person:
    """A resident, made up. `id` of the Patient and `coverage` of the year's cover: '' until the gateway gave them."""

    citizen_id: str
    name: str
    id: str = ""
    coverage: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a served gateway listens, on this machine."""

    http: str
    http_port: int
    mllp_port: int


def make_home(home: Path) -> None:
    """The partners of the world. The city hospital signs what it sends over the NHSA interface."""
    home.mkdir(parents=True, exist_ok=True)
    clinics = ((CITY, CITY_TOKEN, NHSA_SECRET), (TOWNSHIP, TOWNSHIP_TOKEN, ""))
    tables = [
        f'[[partner]]\nid = "{code}"\nrole = "clinic"\nname = "{code}"\ninstitution = "{code}"\n'
        f'nhsa_secret = "{secret}"\ntoken_sha256 = "{token_digest(token)}"\n'
        f'names = {{nhsa = ["{code}"], hl7v2 = ["{code}"]}}\n'
        for code, token, secret in clinics
    ]
    others = (
        ("bank", "bank", BANK_TOKEN, f'bank = ["{ACCOUNT}"]'),
        ("police", "police", POLICE_TOKEN, f'police = ["{UNIT}"]'),
        ("agency", "agency", AGENCY_TOKEN, ""),
    )
    tables += [
        f'[[partner]]\nid = "{id}"\nrole = "{role}"\nname = "{id}"\ntoken_sha256 = "{token_digest(token)}"\n'
        f"names = {{{names}}}\n"
        for id, role, token, names in others
    ]
    (home / "partners.toml").write_text("\n".join(tables), encoding="utf-8")


def environment(home: Path, database_url: str = "", *, today: date = TODAY) -> dict[str, str]:
    """Environment variables of a gateway of this world; no database URL: SQLite in its home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return {
        **kept,
        "GATEWAY_HOME": str(home),
        "GATEWAY_DATABASE_URL": database_url,
        "GATEWAY_BUSINESS_DATE": today.isoformat(),
    }


def command(*arguments: str) -> list[str]:
    """The command line of the installed `gateway`."""
    return [str(Path(sys.executable).parent / "gateway"), *arguments]


def start(
    home: Path, database_url: str = "", *, port: int = 0, today: date = TODAY
) -> tuple["subprocess.Popen[str]", Addresses]:
    """A `gateway serve` process, listening; the caller ends it. Its words go to `serve.log` in the home."""
    with (home / "serve.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command("serve", "--json", "--port", str(port), "--mllp-port", "0"),
            env=environment(home, database_url, today=today),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("}"):
            told = msgspec.json.decode(said)
            return process, Addresses(told["http"], int(told["http"].rpartition(":")[2]), told["mllp"])
    process.wait(START_SECONDS)
    raise RuntimeError(f"the gateway did not start: {(home / 'serve.log').read_text('utf-8')[-2000:]}")


def stop(process: "subprocess.Popen[str]") -> None:
    """Ask it to end, and wait until it has."""
    process.terminate()
    process.wait(START_SECONDS)
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def served(home: Path, database_url: str = "", *, today: date = TODAY) -> Iterator[Addresses]:
    """A `gateway serve` process as long as the block runs."""
    process, addresses = start(home, database_url, today=today)
    try:
        yield addresses
    finally:
        stop(process)


def settle_people(base_url: str, number: int) -> list[Person]:
    """Register so many residents and pay their contributions of the year; they come back with their ids."""
    people = [
        Person(POLICE.citizen_id(BORN_ON + timedelta(days=n // 999), n % 999 + 1), NAMES[n % len(NAMES)])
        for n in range(number)
    ]
    with httpx.Client(base_url=base_url, timeout=120, trust_env=False) as http:
        for first in range(0, number, FILE_OF):
            _register(http, people[first : first + FILE_OF], first)
        numbers = {each["id"]: each["identifier"] for each in _all(http, "Patient")}
        covers = {each["beneficiary"]["reference"]: each["id"] for each in _all(http, "Coverage")}
    ids = {one["value"]: id for id, found in numbers.items() for one in found if one["system"] == sid("citizen-id")}
    return [
        Person(one.citizen_id, one.name, ids[one.citizen_id], covers[f"Patient/{ids[one.citizen_id]}"])
        for one in people
    ]


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"authorization": f"Bearer {token}"}


def _register(http: httpx.Client, people: list[Person], first: int) -> None:
    changes = [
        POLICE.change(
            "登记", f"{first + n}", one.citizen_id, one.name, date(2015, 1, 1), household=f"H{first + n}", relation="0",
            head_id=one.citizen_id,
        )
        for n, one in enumerate(people)
    ]  # fmt: skip
    http.post(
        "/feeds/police", content=POLICE.population_file(changes, unit=UNIT), headers=bearer(POLICE_TOKEN)
    ).raise_for_status()
    credits = [Credit(one.citizen_id, one.name, "200.00", f"R{first + n}") for n, one in enumerate(people)]
    notice = BANK.credit_file(
        credits,
        account=ACCOUNT,
        message_id=f"M{first}",
        created_at=datetime(2015, 1, 5, 9, tzinfo=BUSINESS_ZONE),
        booked_on=date(2015, 1, 5),
    )
    http.post("/feeds/bank", content=notice, headers=bearer(BANK_TOKEN)).raise_for_status()


def _all(http: httpx.Client, type: str) -> Iterator[dict[str, Any]]:
    """Every resource of a type, page by page."""
    page = f"/fhir/{type}?_count=100"
    while page:
        bundle = msgspec.json.decode(http.get(page, headers=bearer(AGENCY_TOKEN)).raise_for_status().content)
        yield from (entry["resource"] for entry in bundle.get("entry", []))
        page = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), "")
