"""The runner on a Spark cluster of two workers gives what the one in this process gives."""

from datetime import date
from pathlib import Path

import pytest

from gateway.datasets.backtest.fold import assignment_of
from gateway.datasets.backtest.run import run_here
from tests.bench.bench_policy import decided, plan, rows
from tests.unit.datasets.conftest import RESIDENT, Draft, loaded

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

CLUSTER = "local-cluster[2,1,1024]"
CLAIMS = 6000


def test_a_cluster_comes_to_identical_totals(tmp_path: Path, draft: Draft) -> None:
    from gateway.datasets.backtest.spark import run_spark

    changed = loaded(draft('      value: "0.85"', '      value: "0.90"'))
    sample = decided(plan(RESIDENT), people=50, each=6)
    assignment = assignment_of(changed, from_on=date(2015, 2, 1), to_on=date(2015, 12, 31))

    here = run_here(rows(sample, CLAIMS), assignment)
    cluster = run_spark(rows(sample, CLAIMS), assignment, master=CLUSTER, folder=tmp_path)

    assert cluster == here
    assert any(any(totals.difference) for totals in here.values())
    assert not list(tmp_path.glob("backtest-*"))
