"""A served gateway to check: one clinic, one insured person, noon of a day, on sockets of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from gateway.api.serve import Addresses, serving
from gateway.security.partners import token_digest
from gateway.system import Settings, open_system
from tests.golden.world import NOON, Citizen, settle_in

CITY, TOKEN, SECRET = "H32118200001", "token of the conformance suite", "secret of the conformance suite"
TODAY = date(2015, 3, 20)
CITIZEN = Citizen("321182196005010017", "测试一")
WHO = [
    *("--token", TOKEN, "--nhsa-secret", SECRET),
    *("--institution", CITY, "--citizen-id", CITIZEN.citizen_id, "--day", str(TODAY)),
]

PARTNER = f"""
[[partner]]
id = "{CITY}"
role = "clinic"
name = "{CITY}"
institution = "{CITY}"
token_sha256 = "{token_digest(TOKEN)}"
nhsa_secret = "{SECRET}"
names = {{nhsa = ["{CITY}"], hl7v2 = ["{CITY}"]}}
"""


@contextmanager
def gateway(folder: Path, database_url: str = "") -> Iterator[Addresses]:
    """A gateway in a folder; without a database URL on a SQLite file there."""
    (folder / "partners.toml").write_text(PARTNER, encoding="utf-8")
    now = datetime.combine(TODAY, NOON)
    system = open_system(Settings(home=folder, database_url=database_url, seal_seconds=0), clock=lambda: now)
    try:
        settle_in(system.exchange, [CITIZEN], on=TODAY)
        with serving(system) as addresses:
            yield addresses
    finally:
        system.close()


def places(addresses: Addresses) -> list[str]:
    """The options of the suite that say where this gateway is."""
    return [
        *("--base", f"{addresses.base_url}/fhir"),
        *("--mllp", f"{addresses.host}:{addresses.mllp_port}"),
        *("--nhsa", f"{addresses.base_url}/fsi/api/call"),
    ]
