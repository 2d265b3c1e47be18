"""The key file: made once, read-only to its owner, refused when it is not whole."""

import stat
from pathlib import Path

import pytest

from gateway.security.keys import KeysError, create_keys, derived_key, load_keys


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.toml"
    create_keys(path)
    return path


def test_only_the_owner_reads_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_never_overwritten(file: Path) -> None:
    before = file.read_bytes()

    with pytest.raises(FileExistsError):
        create_keys(file)
    assert file.read_bytes() == before


def test_two_files_share_no_key(file: Path, tmp_path: Path) -> None:
    create_keys(tmp_path / "other.toml")

    one, other = load_keys(file), load_keys(tmp_path / "other.toml")
    assert one.index_hash("a") != other.index_hash("a")


def test_derived_keys_are_32_bytes_and_differ_by_purpose(file: Path) -> None:
    keyring = load_keys(file)
    keys = {derived_key(keyring, purpose) for purpose in ("cursor", "other")}

    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2
    assert derived_key(load_keys(file), "cursor") in keys


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("current = 1", "current = 2"),
        ("current = 1", "current = one"),
        ("index_key", "index"),
        ("[keys]", "[other]"),
        ('1 = "', '1 = "zz'),
        ('1 = "', '1 = "00'),
        ('index_key = "', 'index_key = "00'),
        ("[keys]", "[keys]\nx = 1\n"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_by_name(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))

    with pytest.raises(KeysError, match=r"keys\.toml"):
        load_keys(file)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"none\.toml"):
        load_keys(tmp_path / "none.toml")
