"""A process that is killed at any moment loses nothing it answered, on either database."""

import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import open_test_store

ROOT = Path(__file__).parents[3]


def test_no_answered_job_is_lost(store_url: str) -> None:
    """Each worker answers on its output, after the commit; it is killed while it works."""
    answered: list[str] = []
    for run in range(3):
        command = [sys.executable, "-m", "tests.unit.store.kill_worker", store_url, str(run)]
        worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        answered += [worker.stdout.readline().strip() for _ in range(40)]
        time.sleep(0.01 * run)
        worker.kill()
        answered += [line.strip() for line in worker.stdout if line.endswith("\n")]
        worker.stdout.close()
        worker.wait()
    assert "" not in answered

    store = open_test_store(store_url)
    kept = {f"{record.key} {record.answer.decode()}" for record in store.messages(limit=100_000)}
    assert len(answered) == len(set(answered))
    assert set(answered) <= kept
    assert store.verify().problems == ()
    store.close()
