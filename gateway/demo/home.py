"""The demonstration's home folder: made empty each time, with partners and secrets of its own.

Only files that a demonstration made are ever removed: a folder with a database but without the tokens file is somebody
else's, and is left alone.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from gateway.demo.care import INSTITUTIONS
from gateway.demo.people import AREA, TODAY
from gateway.security.partners import token_digest
from gateway.system import Settings

HOME = Path("var/demo")
TOKENS = "demo-tokens.json"
DATABASE = "gateway.db"
LOG = "gateway.log"
COMPLETE = "demo-complete"
"""Written when the day was played to its end."""
BANK_ACCOUNT = "1000132118200001"
POLICE_UNIT = "PSB321182"
_LOCK = f"{DATABASE}.lock"
_MADE = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", _LOCK, LOG, "keys.toml", "partners.toml", COMPLETE, TOKENS)


class HomeError(Exception):
    """The folder cannot be used; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Access:
    """What partners know: bearer tokens by institution code, bank, police and agency; NHSA secrets by code."""

    tokens: Mapping[str, str]
    secrets: Mapping[str, str]

    def bearer(self, partner: str) -> dict[str, str]:
        """The Authorization header of a partner."""
        return {"authorization": f"Bearer {self.tokens[partner]}"}


def settings_of(home: Path) -> Settings:
    """Settings of a demonstration in a home: its own database and keys, whatever the environment says."""
    return Settings(
        area=AREA,
        home=home,
        database_url="",
        partners_file=None,
        keys_file=None,
        encrypt=True,
        business_date=TODAY,
    )


def is_made(home: Path) -> bool:
    """Whether the data of a whole day lie in the folder."""
    return all((home / name).exists() for name in (TOKENS, DATABASE, COMPLETE))


def complete(home: Path) -> None:
    """Note that the day was played to its end."""
    (home / COMPLETE).touch()


def make_home(home: Path) -> Access:
    """An empty home with fresh partners, tokens and secrets. HomeError when the folder is not the demonstration's."""
    home.mkdir(parents=True, exist_ok=True)
    _clear(home)
    access = Access(
        tokens={partner: secrets.token_urlsafe(24) for partner in _partners()},
        secrets={institution.code: secrets.token_urlsafe(24) for institution in INSTITUTIONS.values()},
    )
    _write_private(home / TOKENS, msgspec.json.format(msgspec.json.encode(access)) + b"\n")
    _write_private(home / "partners.toml", _partners_file(access).encode())
    return access


def _partners() -> list[str]:
    return [*(institution.code for institution in INSTITUTIONS.values()), "bank", "police", "agency"]


def _clear(home: Path) -> None:
    if (home / DATABASE).exists() and not (home / TOKENS).exists():
        raise HomeError(f"{home} holds a database that no demonstration made: choose another folder with --home")
    lock = FileLock(home / _LOCK)
    try:
        with lock.acquire(timeout=0):
            for name in _MADE:
                if name not in (_LOCK, TOKENS):
                    (home / name).unlink(missing_ok=True)
    except Timeout:
        raise HomeError(f"a gateway is serving {home / DATABASE}: stop it first") from None
    for name in (_LOCK, TOKENS):
        (home / name).unlink(missing_ok=True)


def _write_private(file: Path, content: bytes) -> None:
    """Readable by its owner only, from the first byte on."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)


def _partners_file(access: Access) -> str:
    tables = []
    for institution in INSTITUTIONS.values():
        names = f'{{nhsa = ["{institution.code}"], hl7v2 = ["{institution.code}"]}}'
        tables.append(_table(access, institution.code, "clinic", institution.name, names, institution.code))
    tables.append(_table(access, "bank", "bank", "Model Bank", f'{{bank = ["{BANK_ACCOUNT}"]}}'))
    tables.append(_table(access, "police", "police", "Model public security bureau", f'{{police = ["{POLICE_UNIT}"]}}'))
    tables.append(_table(access, "agency", "agency", "Model insurance agency", "{}"))
    return "\n".join(tables)


def _table(access: Access, id: str, role: str, name: str, names: str, institution: str = "") -> str:
    lines = ["[[partner]]", f'id = "{id}"', f'role = "{role}"', f'name = "{name}"', f"names = {names}"]
    if institution:
        lines += [f'institution = "{institution}"', f'nhsa_secret = "{access.secrets[institution]}"']
    return "\n".join([*lines, f'token_sha256 = "{token_digest(access.tokens[id])}"', ""])
