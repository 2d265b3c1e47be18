"""Runner on a Spark cluster: persons are spread over the partitions, each folds its own, the driver adds up.

Imported only when it is asked for: Spark is an optional extra. The claims go to the cluster through a Parquet file, so
neither the driver nor an executor holds more than a batch of them; on a cluster of several machines its folder must be
one that all of them see.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as arrow
import pyarrow.parquet as parquet
from pyspark.sql import SparkSession

from gateway.datasets.backtest.fold import Assignment, fold
from gateway.datasets.backtest.rows import Row
from gateway.datasets.backtest.totals import Group, Totals, add_up, flat, from_flat

_BATCH = 5_000
_IN = arrow.schema([("person", arrow.string()), ("number", arrow.int64()), ("record", arrow.binary())])
_TEXTS = ("category", "level", "kind")
_NUMBERS = (
    *("claims", "refused", "total"),
    *("fund_before", "account_before", "institution_before", "cash_before"),
    *("fund_after", "account_after", "institution_after", "cash_after"),
)
_OUT = arrow.schema([*((name, arrow.string()) for name in _TEXTS), *((name, arrow.int64()) for name in _NUMBERS)])
_OUT_SQL = ", ".join([*(f"{name} string" for name in _TEXTS), *(f"{name} bigint" for name in _NUMBERS)])


def run_spark(
    rows: Iterable[Row], assignment: Assignment, *, master: str, folder: Path | None = None
) -> dict[Group, Totals]:
    """On the cluster of a master URL; `folder`: where the claims are laid down for it (removed again)."""
    with TemporaryDirectory(prefix="backtest-", dir=folder) as made:
        claims = Path(made) / "claims.parquet"
        _lay_down(rows, claims)
        spark = _session(master)
        try:
            return _run(spark, claims, assignment)
        finally:
            spark.stop()


def _session(master: str) -> SparkSession:
    """Executors use this Python unless PYSPARK_PYTHON names another: it must have this gateway."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("gateway back-test")
    quiet = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    session = quiet.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _run(spark: SparkSession, claims: Path, assignment: Assignment) -> dict[Group, Totals]:
    """One partition for each core of the cluster; within it by person and number, which is how they were settled."""
    partitions = max(2, spark.sparkContext.defaultParallelism)
    spread = spark.read.parquet(claims.as_uri()).repartition(partitions, "person")
    ordered = spread.sortWithinPartitions("person", "number").select("record")
    found = ordered.mapInArrow(_folding(assignment), _OUT_SQL).collect()
    return add_up(dict([from_flat(tuple(row))]) for row in found)


def _folding(
    assignment: Assignment,
) -> "Callable[[Iterator[arrow.RecordBatch]], Iterator[arrow.RecordBatch]]":
    return partial(fold_batches, assignment=assignment)


def fold_batches(batches: "Iterator[arrow.RecordBatch]", assignment: Assignment) -> "Iterator[arrow.RecordBatch]":
    """One partition: batches of records in, one batch of its sums out."""
    records = (value.as_py() for batch in batches for value in batch.column(0))
    sums = fold(records, assignment)
    rows = [flat(group, totals) for group, totals in sums.items()]
    columns = list(zip(*rows, strict=True)) or [()] * len(_OUT)
    yield arrow.RecordBatch.from_arrays(
        [arrow.array(column, type=field.type) for column, field in zip(columns, _OUT, strict=True)], schema=_OUT
    )


def _lay_down(rows: Iterable[Row], file: Path) -> None:
    left = iter(rows)
    with parquet.ParquetWriter(file, _IN) as writer:
        while batch := list(islice(left, _BATCH)):
            people, numbers, records = zip(*batch, strict=True)
            writer.write_table(arrow.table([people, numbers, records], schema=_IN))
