"""The demonstration's home folder: made empty each time, with partners and secrets of its own.

Only files that a demonstration made are ever removed: a folder with a database but without the tokens file is somebody
else's, and is left alone.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from gateway.demo.care import INSTITUTIONS, Institution
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
ANCHORS = "anchors.jsonl"
BANK, POLICE, AGENCY = "bank", "police", "agency"
"""Ids of partners that have the name of their role; the first two are also the names of their feeds."""
_LOCK = f"{DATABASE}.lock"
_KEPT = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", _LOCK, LOG, ANCHORS)
_MADE = (*_KEPT, "keys.toml", "partners.toml", COMPLETE, TOKENS)


class HomeError(Exception):
    """The folder cannot be used; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Member:
    """A partner of the demonstration. `names`: what it calls itself, by feed; `institution`: its code, or ''."""

    id: str
    role: str
    name: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    institution: str = ""

    @classmethod
    def institution_of(cls, institution: Institution) -> "Member":
        """A hospital or centre that may send in both formats that name their sender."""
        code = institution.code
        return cls(code, "clinic", institution.name, {"nhsa": (code,), "hl7v2": (code,)}, code)


def day_members() -> tuple[Member, ...]:
    """The partners of the day."""
    return (
        *(Member.institution_of(each) for each in INSTITUTIONS.values()),
        Member(BANK, "bank", "Model Bank", {"bank": (BANK_ACCOUNT,)}),
        Member(POLICE, "police", "Model public security bureau", {"police": (POLICE_UNIT,)}),
        Member(AGENCY, "agency", "Model insurance agency"),
    )


@dataclass(frozen=True, slots=True)
class Access:
    """What partners know: bearer tokens by institution code, bank, police and agency; NHSA secrets by code."""

    tokens: Mapping[str, str]
    secrets: Mapping[str, str]

    def bearer(self, partner: str) -> dict[str, str]:
        """The Authorization header of a partner."""
        return {"authorization": f"Bearer {self.tokens[partner]}"}


def settings_of(home: Path, *, area: str = AREA) -> Settings:
    """Settings of a demonstration in a home: its own database and keys, whatever the environment says."""
    return Settings(
        area=area,
        home=home,
        database_url="",
        partners_file=None,
        keys_file=None,
        anchors=None,
        encrypt=True,
        business_date=TODAY,
    )


def is_made(home: Path) -> bool:
    """Whether the data of a whole day lie in the folder."""
    return all((home / name).exists() for name in (TOKENS, DATABASE, COMPLETE))


def complete(home: Path) -> None:
    """Note that the day was played to its end."""
    (home / COMPLETE).touch()


def make_home(home: Path, members: Sequence[Member] = ()) -> Access:
    """An empty home with fresh partners (those of the day if none are named), tokens and secrets.

    HomeError when the folder is not the demonstration's.
    """
    home.mkdir(parents=True, exist_ok=True)
    _clear(home)
    members = members or day_members()
    access = Access(
        tokens={member.id: secrets.token_urlsafe(24) for member in members},
        secrets={member.institution: secrets.token_urlsafe(24) for member in members if member.institution},
    )
    _write_private(home / TOKENS, msgspec.json.format(msgspec.json.encode(access)) + b"\n")
    _write_private(home / "partners.toml", "\n".join(_table(access, member) for member in members).encode())
    return access


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


def _table(access: Access, member: Member) -> str:
    names = ", ".join(f"{feed} = [{', '.join(map(_text, each))}]" for feed, each in member.names.items())
    lines = ["[[partner]]", f'id = "{member.id}"', f'role = "{member.role}"', f'name = "{member.name}"']
    lines.append(f"names = {{{names}}}")
    if member.institution:
        lines += [f'institution = "{member.institution}"', f'nhsa_secret = "{access.secrets[member.institution]}"']
    return "\n".join([*lines, f'token_sha256 = "{token_digest(access.tokens[member.id])}"', ""])


def _text(name: str) -> str:
    return f'"{name}"'
