"""Reads the guide from `profiles/`: the compiled package, and one folder of examples for each profile."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from gateway.guide.model import Example, Guide
from gateway.kernel.problem import Kind, Problem, Refusal

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def load_guide(folder: Path) -> Guide:
    """The guide below a folder with `package/` and `examples/`. Refusal: no-guide."""
    try:
        files = {path.name: path.read_bytes() for path in sorted((folder / "package").glob("*.json"))}
        manifest: dict[str, Any] = _DECODER.decode(files["package.json"])
        resources = [_DECODER.decode(content) for name, content in files.items() if name != "package.json"]
        examples = list(_examples(folder / "examples"))
    except (OSError, KeyError, msgspec.DecodeError) as error:
        raise Refusal(_no_guide(str(error))) from error
    return Guide(manifest, resources, files, examples)


def _examples(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.glob("*/valid/*.json")):
        yield Example(path.parent.parent.name, path.stem, path.read_bytes())
    for path in sorted(folder.glob("*/invalid/*.json")):
        expected = path.with_suffix(".codes").read_text("utf-8").splitlines()
        yield Example(path.parent.parent.name, path.stem, path.read_bytes(), tuple(expected), valid=False)


def _no_guide(reason: str) -> Problem:
    return Problem(
        Kind.UNAVAILABLE,
        "no-guide",
        "/ig",
        f"the compiled guide is not here ({reason[:80]}): run make profiles, or install it beside the gateway",
        f"未找到已编译的实施指南({reason[:80]}):请运行 make profiles 或随网关一并安装",
    )
