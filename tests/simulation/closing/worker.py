"""The process that is killed: it closes December and the year, and says when it began and when it is done."""

from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from gateway.exchange.closing.month import close_month
from gateway.exchange.closing.year import close_year
from gateway.store.store import Store
from tests.bench.closing import book, exchange_of
from tests.bench.month import SCHEME
from tests.conftest import open_test_store

MONTH, YEAR = "2015-12", "2015"
AT = datetime(2016, 1, 4, 4, tzinfo=UTC)
book()  # loaded with the module: a worker that is started again goes straight to its work


def close_books(store: Store, *, at: datetime = AT) -> None:
    """Close the month, which also assesses the year, and then the year, or what an earlier run left of them."""
    exchange = exchange_of(store, at=at)
    close_month(exchange, SCHEME, MONTH, by="officer")
    close_year(exchange, SCHEME, YEAR, by="officer")


def work(url: str, attempt: int, telling: Connection) -> None:
    """What the process does. Each attempt has a later minute, so that no instant agrees by accident."""
    at = AT + timedelta(minutes=attempt)
    store = open_test_store(url, ready=True)
    try:
        telling.send("began")
        close_books(store, at=at)
        telling.send("done")
    finally:
        store.close()
