"""Where packages are found, and that a compiled table is used again, or made again when it is broken."""

from pathlib import Path

import pytest

from gateway.definitions.sources import (
    Sources,
    cache_folder,
    find_package,
    fingerprint,
    is_name,
    load_package,
    sources_from,
)
from tests.unit.definitions.archives import unpack, value_set, write

URL = "http://example.org/ValueSet/one"


def found(name: str, version: str, sources: Sources) -> str | None:
    package = find_package(name, version, sources)
    return package.version if package else None


def test_the_environment_says_where_to_look(tmp_path: Path) -> None:
    sources = sources_from({"FHIR_PACKAGE_DIR": "/a:/b", "XDG_CACHE_HOME": "/c"}, tmp_path)

    assert sources.folders == (Path("/a"), Path("/b"))
    assert sources.caches == (tmp_path / ".fhir" / "packages",)
    assert sources.compiled == Path("/c/medical-insurance-gateway/definitions")
    assert sources.registries == ()


def test_the_cache_is_where_the_system_has_caches(tmp_path: Path) -> None:
    assert cache_folder({}, tmp_path) == tmp_path / ".cache" / "medical-insurance-gateway" / "definitions"
    (tmp_path / "Library" / "Caches").mkdir(parents=True)
    assert cache_folder({}, tmp_path).is_relative_to(tmp_path / "Library" / "Caches")


def test_folders_of_archives_and_caches_are_searched(tmp_path: Path) -> None:
    archives, cache = tmp_path / "archives", tmp_path / "cache"
    archives.mkdir()
    write(archives, "example", "1.0.0")
    (archives / "example-1.2.0.tgz").write_bytes((archives / "example#1.0.0.tgz").read_bytes())
    unpack(cache, "example", "2.0.0")
    unpack(cache, "example.more", "9.0.0")
    (cache / "example#3.0.0").mkdir()
    sources = Sources((archives, tmp_path / "nothing"), (cache,))

    assert found("example", "1.0.0", sources) == "1.0.0"
    assert found("example", "1.x", sources) == "1.2.0"
    assert found("example", "latest", sources) == "2.0.0"
    assert found("example", "3.0.0", sources) is None
    assert found("other", "1.0.0", sources) is None


def test_a_moving_version_is_the_build_or_else_the_newest_release(tmp_path: Path) -> None:
    unpack(tmp_path, "example", "1.0.0")
    unpack(tmp_path, "example", "2.0.0-ballot")
    sources = Sources(caches=(tmp_path,))

    assert found("example", "current", sources) == "1.0.0"
    unpack(tmp_path, "example", "current")
    assert found("example", "current", sources) == "current"
    assert found("example", "dev", sources) == "current"
    unpack(tmp_path, "example", "dev")
    assert found("example", "dev", sources) == "dev"


@pytest.mark.parametrize(
    ("name", "version"),
    [("../x", "1"), ("x", "../1"), ("", "1"), ("x", ""), ("x/y", "1"), ("x", "1/2"), ("x\0", "1"), ("a..b", "1")],
)
def test_a_name_that_could_lead_elsewhere_is_no_name(tmp_path: Path, name: str, version: str) -> None:
    assert not is_name(name, version)
    assert found(name, version, Sources((tmp_path,))) is None


def test_a_compiled_table_is_kept_and_used_again(tmp_path: Path) -> None:
    path = write(tmp_path, "example", "1.0.0", value_set(URL))
    made = load_package(path, compiled=tmp_path / "cache")
    kept = list((tmp_path / "cache").iterdir())

    assert [each.name for each in kept] == [f"example#1.0.0-{fingerprint(path)}.table"]
    assert load_package(path, compiled=tmp_path / "cache") == made
    assert list((tmp_path / "cache").iterdir()) == kept


@pytest.mark.parametrize("spoilt", [b"", b"GWDEF", b"\x80\x04cos\nsystem\n(S'true'\ntR."])
def test_a_broken_cache_is_made_again(tmp_path: Path, spoilt: bytes) -> None:
    path = write(tmp_path, "example", "1.0.0", value_set(URL))
    made = load_package(path, compiled=tmp_path / "cache")
    kept = next((tmp_path / "cache").iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(spoilt)

    assert load_package(path, compiled=tmp_path / "cache") == made
    assert kept.read_bytes() == whole


def test_other_content_under_the_same_name_is_another_table(tmp_path: Path) -> None:
    first = load_package(write(tmp_path, "example", "1.0.0", value_set(URL)), compiled=tmp_path / "cache")
    other = load_package(write(tmp_path, "example", "1.0.0", value_set(URL + "2")), compiled=tmp_path / "cache")

    assert first.package.hash != other.package.hash
    assert len(list((tmp_path / "cache").glob("*.table"))) == 2


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    table = load_package(write(tmp_path, "example", "1.0.0"), compiled=tmp_path / "file" / "below")

    assert table.package.id == "example#1.0.0"


def test_a_folder_is_known_by_its_content(tmp_path: Path) -> None:
    one, other = unpack(tmp_path / "a", "example", "1"), unpack(tmp_path / "b", "example", "1")

    assert fingerprint(one) == fingerprint(other)
    (other / "package" / "more.json").write_bytes(b"{}")
    assert fingerprint(one) != fingerprint(other)
