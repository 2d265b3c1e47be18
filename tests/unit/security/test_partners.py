"""The only senders there are: read from a file that gives no access by itself."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Kind, Problem
from gateway.security.partners import Partner, PartnersError, Role, load_partners, token_digest

CITY = f"""
[[partner]]
id = "city"
role = "clinic"
name = "示范市人民医院"
institution = "H32118200001"
nhsa_secret = "a shared secret"
token_sha256 = "{token_digest("token of the city hospital")}"
names = {{nhsa = ["H32118200001"], hl7v2 = ["H32118200001", "CITY-HIS"]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "partners.toml"
    path.write_text(CITY, "utf-8")
    return path


def test_a_partner_is_found_by_every_name_it_uses_on_a_feed(file: Path) -> None:
    partners = load_partners(file)
    found = [partners.sender(feed, name) for feed, name in (("nhsa", "H32118200001"), ("hl7v2", "CITY-HIS"))]

    assert found == [partners.all[0], partners.all[0]]
    assert isinstance(found[0], Partner)
    assert (found[0].role, found[0].institution) == (Role.CLINIC, "H32118200001")


@pytest.mark.parametrize(("feed", "name"), [("nhsa", "CITY-HIS"), ("bank", "H32118200001"), ("nhsa", ""), ("", "city")])
def test_a_name_on_another_feed_is_nobody(file: Path, feed: str, name: str) -> None:
    found = load_partners(file).sender(feed, name)

    assert isinstance(found, Problem)
    assert (found.kind, found.code) == (Kind.UNAUTHENTICATED, "unknown-sender")


def test_a_token_opens_and_its_scheme_may_be_written_in_any_case(file: Path) -> None:
    partners = load_partners(file)

    for header in ("Bearer token of the city hospital", "bearer  token of the city hospital "):
        assert partners.bearer(header) is partners.all[0]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic token of the city hospital",
        "Bearer other",
        "token of the city hospital",
        "Bearer \x00",
    ],
)
def test_anything_else_is_nobody(file: Path, header: str) -> None:
    found = load_partners(file).bearer(header)

    assert isinstance(found, Problem)
    assert (found.kind, found.code, found.path) == (Kind.UNAUTHENTICATED, "unknown-token", "Authorization")


def test_what_the_file_holds_of_a_token_does_not_open(file: Path) -> None:
    assert isinstance(load_partners(file).bearer(f"Bearer {token_digest('token of the city hospital')}"), Problem)


def test_a_partner_without_token_is_not_opened_by_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text('[[partner]]\nid = "b"\nrole = "bank"\nname = "bank"\n', "utf-8")

    assert isinstance(load_partners(path).bearer("Bearer "), Problem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[partner", "partners.toml"),
        ("partner = 5", r"begins with \[\[partner\]\]"),
        ('[partner]\nid = "a"', r"begins with \[\[partner\]\]"),
        ('[[partner]]\nid = "a"\nrole = "clinic"\n', "partner 1: write name"),
        ('[[partner]]\nid = ""\nrole = "bank"\nname = "x"\n', "partner 1: write id"),
        ('[[partner]]\nid = "a"\nrole = "king"\nname = "x"\n', "role is one of clinic, bank"),
        ('[[partner]]\nid = "a"\nrole = "clinic"\nname = "x"\n', "a clinic names its institution"),
        ('[[partner]]\nid = "a"\nrole = "bank"\nname = "x"\ntoken = "t"\n', "unknown field token"),
        ('[[partner]]\nid = "a"\nrole = "bank"\nname = "x"\nnames = ["x"]\n', "names as a table"),
        ('[[partner]]\nid = "a"\nrole = "bank"\nname = "x"\nnames = {bank = "x"}\n', "names as a table"),
        ('[[partner]]\nid = "a"\nrole = "bank"\nname = "x"\n' * 2, "a and a have the same id a"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(PartnersError, match=says):
        load_partners(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PartnersError, match=r"none\.toml"):
        load_partners(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ('names = {nhsa = ["H32118200001"]}', "other and city have the same nhsa H32118200001"),
        (f'token_sha256 = "{token_digest("token of the city hospital")}"', "other and city have the same token_sha256"),
    ],
)
def test_two_partners_never_share_a_name_or_a_token(tmp_path: Path, second: str, says: str) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(f'{CITY}\n[[partner]]\nid = "other"\nrole = "bank"\nname = "x"\n{second}\n', "utf-8")

    with pytest.raises(PartnersError, match=says):
        load_partners(path)


def test_a_file_without_partners_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text("", "utf-8")

    assert load_partners(path).all == ()
