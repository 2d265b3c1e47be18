"""`gateway terminology`: what it prints and how it ends."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from gateway.cli import app

ROWS = "药品代码,注册名称\nXA11GAW043A013010100002,示例片\nZ12,示例丸\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATEWAY_HOME", str(tmp_path / "home"))
    (tmp_path / "drugs.csv").write_text(ROWS, encoding="gb18030")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["terminology", *arguments])
    return found.exit_code, found.output


def test_a_file_is_loaded_and_listed(home: Path) -> None:
    file = str(home / "drugs.csv")

    code, output = run("load", file, "--system", "drug", "--version", "2025-01", "--json")
    told = msgspec.json.decode(output)
    assert code == 0
    assert (told["concepts"], told["odd"], told["examples"]) == (2, 1, ["Z12"])
    assert (told["encoding"], told["repeated"]) == ("gb18030", False)

    code, output = run("load", file, "--system", "cs:drug", "--version", "2025-01")
    assert code == 0
    assert "was loaded already" in output

    rows = msgspec.json.decode(run("list", "--json")[1])
    drugs = [row for row in rows if row["url"].endswith("/drug")]
    assert drugs == [
        {"url": drugs[0]["url"], "version": "2025-01", "state": "current", "concepts": 2},
        {"url": drugs[0]["url"], "version": "0.1.0", "state": "structure", "concepts": 0},
    ]
    assert "nhsa-med-type" in run("list")[1]


def test_a_broken_file_ends_with_1_and_its_problems(home: Path) -> None:
    (home / "drugs.csv").write_text(ROWS + "Z12,again\n")

    code, output = run("load", str(home / "drugs.csv"), "--system", "drug")
    assert code == 1
    assert "catalogue-duplicate" in output
    assert run("load", str(home / "none.csv"), "--system", "drug")[0] == 1


def test_columns_have_known_roles(home: Path) -> None:
    code, _ = run("load", str(home / "drugs.csv"), "--system", "drug", "--columns", "kode=药品代码")
    assert code == 2


def test_without_a_database_there_is_nothing_to_list(home: Path) -> None:
    assert run("list")[0] == 2
