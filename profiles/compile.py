"""Compiles the guide: FHIR Shorthand with sushi, code systems from the terminology data, maps from `mappings/maps`.

`make profiles` runs it. The result is `profiles/package`, the same bytes each time; nothing at run time needs Node.
sushi asks no network when the R4 core package is on disk: FHIR_PACKAGE_DIR (a folder of .tgz files) or the package
cache below the home folder. The three packages that sushi wants besides are stubs: nothing of them is used.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "var" / "profiles"
PACKAGE = HERE / "package"
SUSHI = HERE / "node" / "node_modules" / "fsh-sushi" / "dist" / "app.js"
CORE = "hl7.fhir.r4.core#4.0.1"
TABLES = ("gateway", "catalogues", "nhsa", "gb")
"""Files of the terminology data that hold code systems of this guide; those of HL7 belong to HL7."""

NAME = "cn.gateway.medical-insurance"
PUBLISHER = "Medical-insurance gateway"
DESCRIPTION = "Profiles, extensions, terminology and operations of the medical-insurance gateway."

Resource = dict[str, Any]


def main() -> None:
    """Compile everything. Ends with sushi's own words where it finds an error."""
    config = yaml.safe_load((HERE / "sushi-config.yaml").read_text("utf-8"))
    resources = [*compiled(config), *code_systems(config), *concept_maps(config)]
    write_package(config, resources)
    sys.stdout.write(f"profiles/package: {len(resources)} resources\n")


def compiled(config: Resource) -> Iterator[Resource]:
    """What sushi makes of `input/fsh`, with snapshots."""
    shutil.rmtree(BUILD, ignore_errors=True)
    project, home = BUILD / "project", BUILD / "home"
    shutil.copytree(HERE / "input", project / "input")
    shutil.copy(HERE / "sushi-config.yaml", project)
    fill_cache(home / ".fhir" / "packages", config["dependencies"])
    node = shutil.which("node")
    if node is None or not SUSHI.exists():
        sys.exit("Node 18 or later and sushi are needed: make profiles installs sushi with npm")
    done = subprocess.run(
        [node, str(SUSHI), "build", "-s", str(project)],
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    words = [line for line in done.stdout.splitlines() if line.startswith(("error", "warn", "  File", "  Line"))]
    if done.returncode:
        sys.exit("\n".join(words) or done.stderr)
    sys.stdout.writelines(f"{line}\n" for line in words)
    for path in sorted((project / "fsh-generated" / "resources").glob("*.json")):
        yield json.loads(path.read_text("utf-8"), parse_float=Decimal)


def fill_cache(cache: Path, stubs: dict[str, str]) -> None:
    """R4's own definitions, unpacked or linked, and empty packages for what sushi would fetch."""
    cache.mkdir(parents=True)
    folders = [Path(each) for each in os.environ.get("FHIR_PACKAGE_DIR", "").split(os.pathsep) if each]
    archive = next((path for folder in folders if (path := folder / f"{CORE}.tgz").is_file()), None)
    unpacked = Path.home() / ".fhir" / "packages" / CORE
    if archive is not None:
        with tarfile.open(archive) as opened:
            opened.extractall(cache / CORE, filter="data")
    elif unpacked.is_dir():
        (cache / CORE).symlink_to(unpacked, target_is_directory=True)
    else:
        sys.exit(f"{CORE}.tgz is needed: set FHIR_PACKAGE_DIR to a folder that has it, or fill ~/.fhir/packages")
    for name, version in stubs.items():
        folder = cache / f"{name}#{version}" / "package"
        folder.mkdir(parents=True)
        manifest = {"name": name, "version": version, "fhirVersions": ["4.0.1"], "dependencies": {}}
        (folder / "package.json").write_text(json.dumps(manifest), "utf-8")


def code_systems(config: Resource) -> Iterator[Resource]:
    """The code systems of the terminology data. A table in two versions is two resources of one address."""
    for name in TABLES:
        text = (ROOT / "gateway" / "terminology" / "data" / f"{name}.yaml").read_text("utf-8")
        held = yaml.safe_load(text)
        for system in held["systems"]:
            yield _code_system(system, held["publisher"], config)


def _code_system(system: Resource, publisher: str, config: Resource) -> Resource:
    version = system.get("version", "")
    title = system["title"]
    lines = [line for part in ("concepts", "also") for line in system.get(part, "").splitlines() if line.strip()]
    concepts = [_concept(line) for line in lines]
    made: Resource = {
        "resourceType": "CodeSystem",
        "id": f"{system['id']}-{version}" if version else system["id"],
        "language": "zh-CN",
        "url": system.get("url", f"{config['canonical']}/CodeSystem/{system['id']}"),
        "version": version or config["version"],
        "name": "".join(part.capitalize() for part in system["id"].split("-")),
        "title": title["en"],
        "_title": translated(title["zh"]),
        "status": "active",
        "experimental": False,
        "publisher": publisher,
        "caseSensitive": True,
        "content": system.get("content", "complete"),
    }
    said = [system.get("note", ""), _structure(system.get("structure"))]
    if any(said):
        made["description"] = " ".join(each for each in said if each)
    if concepts:
        made |= {"count": len(concepts), "concept": _nested(concepts)}
        if any(parent for parent, _ in concepts):
            made["hierarchyMeaning"] = "is-a"
    return made


def _structure(structure: Resource | None) -> str:
    return f"Codes are checked by their structure, such as {structure['example']}." if structure else ""


def _concept(line: str) -> tuple[str, Resource]:
    """The code of the parent or '', and the concept. A line: code | 中文 | English | name=value; name=value."""
    code, zh, en, *more = (part.strip() for part in line.split("|"))
    told = dict(each.strip().split("=", 1) for each in more[0].split(";")) if more else {}
    return told.get("parent", ""), {"code": code, "display": zh, "designation": [{"language": "en", "value": en}]}


def _nested(concepts: list[tuple[str, Resource]]) -> list[Resource]:
    known = {concept["code"]: concept for _, concept in concepts}
    top = []
    for parent, concept in concepts:
        if parent in known:
            known[parent].setdefault("concept", []).append(concept)
        else:
            top.append(concept)
    return top


def concept_maps(config: Resource) -> Iterator[Resource]:
    """The maps the gateway itself works with, as they are, with the version of the guide."""
    for path in sorted((ROOT / "mappings" / "maps").glob("*.json")):
        held = json.loads(path.read_text("utf-8"), parse_float=Decimal)
        yield {**held, "version": held.get("version", config["version"])}


def translated(zh: str) -> Resource:
    """The sibling of a text that says it in Chinese: R4's extension `translation`."""
    parts = [{"url": "lang", "valueCode": "zh-CN"}, {"url": "content", "valueString": zh}]
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}]}


def write_package(config: Resource, resources: list[Resource]) -> None:
    """package.json and a file for each resource, in an order and layout that do not change."""
    shutil.rmtree(PACKAGE, ignore_errors=True)
    PACKAGE.mkdir()
    manifest = {
        "name": NAME,
        "version": config["version"],
        "type": "IG",
        "title": PUBLISHER,
        "description": DESCRIPTION,
        "canonical": config["canonical"],
        "url": f"{config['canonical']}/ig",
        "author": PUBLISHER,
        "license": "CC0-1.0",
        "fhirVersions": [config["fhirVersion"]],
        "dependencies": {"hl7.fhir.r4.core": config["fhirVersion"]},
        "directories": {"lib": "package", "example": "example"},
    }
    (PACKAGE / "package.json").write_text(rendered(manifest), "utf-8")
    names = set()
    for resource in resources:
        name = f"{resource['resourceType']}-{resource['id']}.json"
        if name in names:
            sys.exit(f"two resources are called {name}")
        names.add(name)
        (PACKAGE / name).write_text(rendered(lean(resource)), "utf-8")


def lean(resource: Resource) -> Resource:
    """A definition without `mapping`: what R4 says of each element for other standards, which nobody reads here."""
    for view in ("snapshot", "differential"):
        for element in resource.get(view, {}).get("element", ()):
            element.pop("mapping", None)
    resource.pop("mapping", None)
    return resource


def rendered(value: Resource) -> str:
    """JSON as committed. Decimals become numbers of the same digits."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_exact) + "\n"


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    raise TypeError(f"{value!r} is not JSON")


if __name__ == "__main__":
    main()
