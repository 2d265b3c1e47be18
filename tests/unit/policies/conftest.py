"""A copy of the shipped policies that a test may change, and its book."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.policies.load import SHIPPED, PolicyBook, load_all

POLICY = "321182-resident"


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return load_all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Policies as shipped, in a folder of the test's own."""
    for name in (POLICY, "catalogue"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Callable[..., int]:
    """Replace a text that stands once in a file; the line (from 1) on which the new text begins."""

    def edit(old: str, new: str, *, file: str = f"{POLICY}/policy.yaml") -> int:
        path = folder / file
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    return edit
