"""Packages as they come: archives and folders, whole and hostile. Nothing hostile gets further than a Problem."""

import tarfile
from pathlib import Path

import pytest

from gateway.definitions import files as limits
from gateway.definitions.files import package_files
from gateway.definitions.package import compile_package
from gateway.definitions.sources import load_package
from gateway.kernel.problem import Kind, Refusal
from tests.unit.definitions.archives import bomb, files, manifest, tgz, tgz_of_member, unpack, value_set, write

URL = "http://example.org/ValueSet/one"


def refused(path: Path) -> tuple[str, str]:
    """The code and kind with which a package is refused."""
    with pytest.raises(Refusal) as caught:
        load_package(path)
    problem = caught.value.problems[0]
    assert problem.path == path.name
    return problem.code, problem.kind.value


def put(folder: Path, content: bytes) -> Path:
    path = folder / "package.tgz"
    path.write_bytes(content)
    return path


def test_a_tgz_and_a_folder_give_the_same_table(tmp_path: Path) -> None:
    packed = load_package(write(tmp_path, "example", "1.0.0", value_set(URL)))
    unpacked = load_package(unpack(tmp_path, "example", "1.0.0", value_set(URL)))

    assert packed == unpacked
    assert packed.package.id == "example#1.0.0"
    assert [entry.url for entry in packed.entries] == [URL]


def test_the_folder_with_package_json_itself_is_a_package_too(tmp_path: Path) -> None:
    root = unpack(tmp_path, "example", "1.0.0", value_set(URL))

    assert load_package(root / "package") == load_package(root)


def test_examples_are_files_of_the_package_but_no_definitions(tmp_path: Path) -> None:
    content = files("example", "1.0.0", value_set(URL))
    content["package/example/ValueSet-example.json"] = b'{"resourceType":"ValueSet","url":"urn:example"}'
    content["package/other/notes.txt"] = b"text"
    path = put(tmp_path, tgz(content))

    assert {(file.folder, file.name) for file in package_files(path)} == {
        ("package", "package.json"),
        ("package", "ValueSet-0.json"),
        ("package/example", "ValueSet-example.json"),
        ("package/other", "notes.txt"),
    }
    assert [entry.url for entry in load_package(path).entries] == [URL]


def test_the_hash_is_of_the_definitions_not_of_how_they_were_packed(tmp_path: Path) -> None:
    content = files("example", "1.0.0", value_set(URL))
    one = compile_package(package_files(put(tmp_path, tgz(content))), "x")
    other = compile_package(package_files(put(tmp_path, tgz(dict(reversed(content.items()))))), "x")

    assert one.package.hash == other.package.hash


def test_a_definition_that_cannot_be_read_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    content = files("example", "1.0.0", value_set(URL))
    content["package/ValueSet-broken.json"] = b'{"resourceType":"ValueSet",'
    content["package/StructureDefinition-odd.json"] = b'{"resourceType":"StructureDefinition","url":7}'
    content["package/ValueSet-list.json"] = b"[]"
    content["package/ValueSet-deep.json"] = b"[" * 100_000
    table = load_package(put(tmp_path, tgz(content)))

    assert [entry.url for entry in table.entries] == [URL]
    assert [(problem.code, problem.path.rpartition("/")[2]) for problem in table.problems] == [
        ("bad-definition", "StructureDefinition-odd.json"),
        ("bad-definition", "ValueSet-broken.json"),
        ("bad-definition", "ValueSet-deep.json"),
        ("bad-definition", "ValueSet-list.json"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("package-unreadable", "malformed")),
        (b"not a package", ("package-unreadable", "malformed")),
        (tgz(files("example", "1.0.0"))[:60], ("package-unreadable", "malformed")),
        (tgz({}), ("no-package-json", "invalid")),
        (tgz({"package/ValueSet-a.json": b"{}"}), ("no-package-json", "invalid")),
        (tgz({"other/package.json": manifest("a", "1")}), ("no-package-json", "invalid")),
        (tgz({"package/package.json": b"{"}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": b"[]"}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": b"[" * 100_000}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": b'{"name":"a"}'}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": b'{"name":"","version":"1"}'}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": manifest("a", "1", dependencies=["b"])}), ("bad-package-json", "invalid")),
        (tgz({"package/package.json": manifest("a", "1", fhirVersions=["5.0.0"])}), ("package-not-r4", "unsupported")),
        (tgz({"../package.json": b"{}"}), ("package-unsafe", "invalid")),
        (tgz({"package/../../etc/passwd": b"{}"}), ("package-unsafe", "invalid")),
        (tgz({"/etc/passwd": b"{}"}), ("package-unsafe", "invalid")),
        (tgz({"package\\..\\..\\x": b"{}"}), ("package-unsafe", "invalid")),
    ],
)
def test_a_broken_or_hostile_archive_is_refused(tmp_path: Path, content: bytes, expected: tuple[str, str]) -> None:
    assert refused(put(tmp_path, content)) == expected


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("package/package.json")
    member.type, member.linkname = kind, "/etc/passwd"

    assert refused(put(tmp_path, tgz_of_member(member))) == ("package-unsafe", "invalid")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert refused(put(tmp_path, bomb(80 * 1024 * 1024))) == ("package-too-large", "too-large")


def test_a_header_that_asks_for_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An extended header is read whole by the tar reader itself: the stream below it ends at the limit."""
    monkeypatch.setattr(limits, "MOST_BYTES", 1024 * 1024)
    member = tarfile.TarInfo("package/x")
    member.type, member.size = tarfile.XHDTYPE, 8 * 1024 * 1024

    assert refused(put(tmp_path, tgz_of_member(member, bytes(member.size)))) == ("package-too-large", "too-large")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_FILES", 10)
    path = put(tmp_path, tgz({f"package/{n}.txt": b"" for n in range(11)}))
    root = unpack(tmp_path, "example", "1.0.0", *(value_set(f"urn:{n}") for n in range(11)))

    assert refused(path) == ("package-too-large", "too-large")
    assert refused(root) == ("package-too-large", "too-large")


def test_a_folder_is_held_to_the_same_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES_A_FILE", 10)

    assert refused(unpack(tmp_path, "example", "1.0.0")) == ("package-too-large", "too-large")


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    root = unpack(tmp_path, "example", "1.0.0")
    (tmp_path / "secret.json").write_bytes(b"{}")
    (root / "package" / "ValueSet-x.json").symlink_to(tmp_path / "secret.json")

    assert refused(root) == ("package-unsafe", "invalid")


def test_no_package_at_all(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.tgz") == ("package-not-found", Kind.NOT_FOUND.value)
    assert refused(tmp_path) == ("no-package-json", "invalid")
