"""Small FHIR packages made for a test: the bytes of a .tgz, and folders laid out as caches are."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


def manifest(name: str, version: str, **more: Any) -> bytes:
    """A package.json for R4."""
    return msgspec.json.encode({"name": name, "version": version, "fhirVersions": ["4.0.1"], **more})


def files(name: str, version: str, *definitions: dict[str, Any], **more: Any) -> dict[str, bytes]:
    """Path → content of a package with these definitions."""
    found = {"package/package.json": manifest(name, version, **more)}
    for number, each in enumerate(definitions):
        found[f"package/{each['resourceType']}-{number}.json"] = msgspec.json.encode(each)
    return found


def tgz(content: Mapping[str, bytes]) -> bytes:
    """The bytes of a .tgz with these files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, data in content.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def tgz_of_member(member: tarfile.TarInfo, data: bytes = b"") -> bytes:
    """A .tgz with one member as it is, however odd."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(member, io.BytesIO(data) if data else None)
    return buffer.getvalue()


def bomb(size: int) -> bytes:
    """A .tgz that says, and by zeros has, one file of so many bytes, in a thousandth of them."""
    member = tarfile.TarInfo("package/package.json")
    member.size = size
    head = member.tobuf()
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb", compresslevel=9) as stream:
        stream.write(head)
        block = bytes(1024 * 1024)
        for _ in range(size // len(block)):
            stream.write(block)
    return buffer.getvalue()


def write(folder: Path, name: str, version: str, *definitions: dict[str, Any], **more: Any) -> Path:
    """A package as a .tgz in a folder."""
    path = folder / f"{name}#{version}.tgz"
    path.write_bytes(tgz(files(name, version, *definitions, **more)))
    return path


def unpack(folder: Path, name: str, version: str, *definitions: dict[str, Any], **more: Any) -> Path:
    """A package unpacked as in a cache: folder/name#version/package/…"""
    root = folder / f"{name}#{version}"
    for path, data in files(name, version, *definitions, **more).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def value_set(url: str, version: str = "1.0.0", **more: Any) -> dict[str, Any]:
    """A ValueSet without content."""
    return {"resourceType": "ValueSet", "url": url, "version": version, "status": "active", **more}
