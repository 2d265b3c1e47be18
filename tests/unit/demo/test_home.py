"""The demonstration's home: private, fresh each time, and never made at the cost of somebody else's files."""

from pathlib import Path

import pytest
from filelock import FileLock

from gateway.demo.home import ANCHORS, COMPLETE, DATABASE, TOKENS, HomeError, complete, is_made, make_home, settings_of
from gateway.security.partners import Partner, load_partners


def test_partners_of_a_fresh_home_are_known_by_their_tokens(tmp_path: Path) -> None:
    access = make_home(tmp_path)
    partners = load_partners(tmp_path / "partners.toml")

    found = {id: partners.bearer(f"Bearer {token}") for id, token in access.tokens.items()}

    assert {id: partner.id for id, partner in found.items() if isinstance(partner, Partner)} == {id: id for id in found}
    assert make_home(tmp_path).tokens != access.tokens


def test_tokens_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    make_home(tmp_path)

    assert (tmp_path / TOKENS).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "partners.toml").stat().st_mode & 0o777 == 0o600


def test_only_files_of_a_demonstration_are_removed(tmp_path: Path) -> None:
    make_home(tmp_path)
    for name in (DATABASE, COMPLETE, ANCHORS, "notes.txt"):
        (tmp_path / name).write_text("x")

    make_home(tmp_path)

    assert (tmp_path / "notes.txt").exists()
    assert not (tmp_path / DATABASE).exists()
    assert not (tmp_path / ANCHORS).exists(), "anchors of other books would not fit the new ones"
    assert not is_made(tmp_path)


def test_a_database_that_no_demonstration_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("somebody's")

    with pytest.raises(HomeError, match="no demonstration made"):
        make_home(tmp_path)

    assert (tmp_path / DATABASE).read_text() == "somebody's"


def test_a_home_that_is_being_served_is_left_alone(tmp_path: Path) -> None:
    make_home(tmp_path)
    (tmp_path / DATABASE).write_text("in use")

    with FileLock(tmp_path / f"{DATABASE}.lock"), pytest.raises(HomeError, match="stop it first"):
        make_home(tmp_path)

    assert (tmp_path / DATABASE).read_text() == "in use"


def test_a_day_counts_as_made_only_when_it_was_played_to_its_end(tmp_path: Path) -> None:
    make_home(tmp_path)
    (tmp_path / DATABASE).write_text("x")

    assert not is_made(tmp_path)
    complete(tmp_path)
    assert is_made(tmp_path)


def test_the_environment_cannot_lead_the_demonstration_to_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", "postgresql://elsewhere/real")
    monkeypatch.setenv("GATEWAY_ENCRYPT", "0")

    settings = settings_of(tmp_path)

    assert settings.url == f"sqlite:///{tmp_path / DATABASE}"
    assert settings.encrypt
