"""serve: tells its addresses, ends 0 when asked to, and refuses to start on what it cannot use."""

from pathlib import Path

import httpx

from gateway.system import Settings, open_system
from tests.bench.world import TODAY, make_home, start, stop
from tests.unit.cli.conftest import Command


def test_it_serves_until_it_is_asked_to_end(tmp_path: Path) -> None:
    make_home(tmp_path)
    process, addresses = start(tmp_path)
    try:
        healthy = httpx.get(f"{addresses.http}/healthz", trust_env=False)
        ready = httpx.get(f"{addresses.http}/readyz", trust_env=False)
    finally:
        stop(process)

    assert (healthy.status_code, ready.status_code, process.returncode) == (200, 200, 0)
    assert addresses.mllp_port > 0


def test_a_database_that_another_process_writes_is_refused(command: Command, tmp_path: Path) -> None:
    make_home(tmp_path)
    first = open_system(Settings(home=tmp_path, database_url="", business_date=TODAY))
    try:
        ended = command("serve", "--port", "0", "--mllp-port", "0", home=tmp_path)
    finally:
        first.close()

    assert ended.exit_code == 2
    assert "store-locked" in ended.stderr


def test_partners_that_cannot_be_read_are_refused(command: Command, tmp_path: Path) -> None:
    make_home(tmp_path)
    (tmp_path / "partners.toml").write_text('[[partner]]\nid = "x"\nrole = "guest"\nname = "x"\n', "utf-8")

    ended = command("serve", "--port", "0", "--mllp-port", "0", home=tmp_path)

    assert ended.exit_code == 2
    assert "partner 1" in ended.stderr
