"""Configured partners: the only senders there are. An unknown name or token is nobody.

The file is TOML, one `[[partner]]` table each; tokens are stored as SHA-256, so the file gives no access.
"""

import hashlib
import hmac
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gateway.kernel.problem import Kind, Problem


class Role(StrEnum):
    """What a partner is; `allow` says what each may do."""

    CLINIC = "clinic"  # hospital, clinic or pharmacy: an institution with its own claims
    BANK = "bank"
    POLICE = "police"
    AGENCY = "agency"  # 经办机构


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner. `names`: what it calls itself on a feed (institution code, MSH-4 facility, account, unit)."""

    id: str
    role: Role
    name: str
    institution: str = ""
    names: Mapping[str, frozenset[str]] | None = None
    nhsa_secret: str = ""
    token_sha256: str = ""


class PartnersError(Exception):
    """The partners file cannot be used; the message says where and what to write instead."""


class Partners:
    """All partners, looked up by what they send."""

    def __init__(self, partners: tuple[Partner, ...]) -> None:
        self.all = partners
        self._by_name = {
            (feed, name): partner
            for partner in partners
            for feed, names in (partner.names or {}).items()
            for name in names
        }
        self._by_token = {partner.token_sha256: partner for partner in partners if partner.token_sha256}

    def sender(self, feed: str, name: str) -> Partner | Problem:
        """The partner that may call itself `name` on a feed."""
        return self._by_name.get((feed, name)) or Problem(
            Kind.UNAUTHENTICATED,
            "unknown-sender",
            "",
            f"'{name[:50]}' is not a configured sender of this feed: ask the agency to register it",
            f"“{name[:50]}”不是本接口登记的发送方:请向经办机构登记",
        )

    def bearer(self, authorization: str) -> Partner | Problem:
        """The partner whose token an Authorization header carries."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer" and token:
            digest = token_digest(token.strip())
            partner = self._by_token.get(digest)
            if partner is not None and hmac.compare_digest(partner.token_sha256, digest):
                return partner
        return Problem(
            Kind.UNAUTHENTICATED,
            "unknown-token",
            "Authorization",
            "send 'Authorization: Bearer <token>' with a token that the agency issued",
            "请在 Authorization 头中使用经办机构发放的令牌(Bearer)",
        )


def token_digest(token: str) -> str:
    """What the partners file holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_partners(file: Path) -> Partners:
    """Read the file. PartnersError names the table and the field that is wrong."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("partner", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PartnersError(f"{file}: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise PartnersError(f"{file}: write each partner as a table that begins with [[partner]]")
    partners = tuple(_partner(file, number, table) for number, table in enumerate(tables, 1))
    _check_distinct(file, partners)
    return Partners(partners)


def _check_distinct(file: Path, partners: tuple[Partner, ...]) -> None:
    """Id, token and each name on a feed belong to one partner: a second would silently take the first's place."""
    seen: dict[tuple[str, str], str] = {}
    for partner in partners:
        claims = [
            ("id", partner.id),
            *((feed, name) for feed, names in (partner.names or {}).items() for name in names),
        ]
        if partner.token_sha256:
            claims.append(("token_sha256", partner.token_sha256))
        for what, value in claims:
            if (what, value) in seen:
                raise PartnersError(f"{file}: {partner.id} and {seen[what, value]} have the same {what} {value[:20]}")
            seen[what, value] = partner.id


def _partner(file: Path, number: int, table: Mapping[str, object]) -> Partner:
    where = f"{file}: partner {number}"
    unknown = set(table) - {"id", "role", "name", "institution", "nhsa_secret", "token_sha256", "names"}
    if unknown:
        raise PartnersError(f"{where}: unknown field {sorted(unknown)[0]}")
    for field in ("id", "role", "name"):
        if not isinstance(table.get(field), str) or not table[field]:
            raise PartnersError(f"{where}: write {field} as a text")
    if table["role"] not in set(Role):
        raise PartnersError(f"{where}: role is one of {', '.join(Role)}")
    names = table.get("names", {})
    if not isinstance(names, Mapping) or not all(isinstance(each, list) for each in names.values()):
        raise PartnersError(f'{where}: write names as a table of lists, such as {{hl7v2 = ["CITY-HIS"]}}')
    if table["role"] == Role.CLINIC and not table.get("institution"):
        raise PartnersError(f"{where}: a clinic names its institution code")
    return Partner(
        id=str(table["id"]),
        role=Role(str(table["role"])),
        name=str(table["name"]),
        institution=str(table.get("institution", "")),
        names={feed: frozenset(map(str, each)) for feed, each in names.items()},
        nhsa_secret=str(table.get("nhsa_secret", "")),
        token_sha256=str(table.get("token_sha256", "")),
    )
