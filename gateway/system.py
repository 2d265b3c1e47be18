"""Assembles the parts from settings: the one place that knows all of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

import gateway
from gateway.exchange.closing.jobs import ClosingJobs
from gateway.exchange.exchange import Exchange
from gateway.exchange.feeds import load_feeds
from gateway.exchange.guide import load_guide
from gateway.exchange.publish import publish_reference_data
from gateway.fhir.code_system import write_code_system
from gateway.kernel.calendar import business_day
from gateway.kernel.ids import ENTROPY_BITS, AreaCode, make_id
from gateway.kernel.problem import refuse_if
from gateway.policies.load import PolicyBook, load_all
from gateway.security.keys import create_keys, derived_key, load_keys
from gateway.security.partners import load_partners
from gateway.store.opening import open_store
from gateway.store.sealer import Sealer
from gateway.store.store import Store
from gateway.terminology.opening import open_terminology, published_resources
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.terminology import Terminology

ROOT = Path(gateway.__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Environment variables of the gateway, each with the prefix GATEWAY_."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    area: str = "321182"
    home: Path = Path("var")
    database_url: str = ""
    partners_file: Path | None = None
    keys_file: Path | None = None
    packages: Path | None = None
    validation: Literal["full", "accepted", "structure"] = "full"
    policies: Path = ROOT / "gateway" / "policies"
    adapters: Path = ROOT / "adapters"
    mappings: Path = ROOT / "mappings"
    encrypt: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    mllp_port: int = 2575
    anchors: Path | None = None
    seal_seconds: int = 60
    business_date: date | None = None
    spark_master: str = "local[*]"
    spark_folder: Path | None = None
    code_versions: str = ""

    @property
    def url(self) -> str:
        """The database: by default SQLite in the home folder."""
        return self.database_url or f"sqlite:///{(self.home / 'gateway.db').resolve()}"

    @property
    def partners(self) -> Path:
        return self.partners_file or self.home / "partners.toml"

    @property
    def anchors_file(self) -> Path:
        return self.anchors or self.home / "anchors.jsonl"

    @property
    def keys(self) -> Path:
        return self.keys_file or self.home / "keys.toml"


@dataclass(frozen=True, eq=False)
class System:
    """A running gateway without its sockets."""

    settings: Settings
    exchange: Exchange
    cursor_key: bytes
    closings: ClosingJobs
    terminology: Terminology = field(default_factory=lambda: Terminology(shipped_systems()))
    sealer: Sealer | None = None

    @property
    def store(self) -> Store:
        return self.exchange.store

    def close(self) -> None:
        self.closings.close()
        if self.sealer is not None:
            self.sealer.close()
        self.store.close()


def open_system(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> System:
    """Load policies, feeds and partners, open the store; publish directory and plans when they changed.

    Refusal: a policy or database cannot be used, or a setting of the database could lose an acknowledged settlement.
    """
    area = AreaCode(settings.area)
    now = clock or clock_of(settings)
    book = load_all(settings.policies)
    partners = load_partners(settings.partners)
    feeds = load_feeds(settings.adapters, settings.mappings)
    guide = load_guide(settings.packages, settings.validation)
    store = open_store_of(settings, clock=now, read_only=False)
    exchange = Exchange(store, book, partners, feeds, area, now, id_maker(area), guide)
    try:
        refuse_if(store.doctor())
        terminology = terminology_of(settings, book, area, store, today=business_day(now()))
        publish_reference_data(exchange, published_resources(terminology, settings.mappings / "maps"))
    except BaseException:
        store.close()
        raise
    cursor_key = derived_key(load_keys(settings.keys), "cursor")
    sealer = _sealer_of(settings, store, now)
    return System(settings, exchange, cursor_key, ClosingJobs(exchange), terminology, sealer)


def terminology_of(
    settings: Settings, book: PolicyBook, area: AreaCode, store: Store | None, *, today: date
) -> Terminology:
    """Code systems, value sets and maps of an area: shipped, of its policies, loaded into its store.

    Refusal: a map or the choice of versions cannot be read.
    """
    policies = [each for each in book.policies.values() if each.policy.area == area]
    return open_terminology(
        maps=settings.mappings / "maps",
        guide=ROOT / "profiles" / "package",
        catalogues=[write_code_system(each.catalogue, day=today) for each in policies[-1:]],
        versions=settings.code_versions,
        store=store.concepts if store is not None else None,
    )


def _sealer_of(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Sealer | None:
    if not settings.seal_seconds:
        return None
    return Sealer(store, every_s=settings.seal_seconds, anchors=settings.anchors_file, clock=clock)


def open_store_of(settings: Settings, *, clock: Callable[[], datetime], read_only: bool) -> Store:
    """The store alone, for commands that need nothing else. Makes the home folder and a key file on first use."""
    area = AreaCode(settings.area)
    if not settings.keys.exists() and not read_only:
        settings.keys.parent.mkdir(parents=True, exist_ok=True)
        create_keys(settings.keys)
    return open_store(
        settings.url,
        area=area,
        keyring=load_keys(settings.keys, sealed=settings.encrypt),
        clock=clock,
        make_id=id_maker(area),
        migrate=not read_only,
        read_only=read_only,
    )


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The machine's clock; with `business_date` set, its time of day on that date (test areas and demonstrations)."""
    if settings.business_date is None:
        return lambda: datetime.now(UTC)
    started = datetime.now(UTC)
    day = settings.business_date
    shift = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) - started
    return lambda: datetime.now(UTC) + shift


def id_maker(area: AreaCode) -> Callable[[], str]:
    """Fresh ids that never run backwards within the process, whatever the clock does."""
    last = 0

    def new_id() -> str:
        nonlocal last
        millis = int(datetime.now(UTC).timestamp() * 1000)
        last = max(last, millis)
        return make_id(area, millis=last, entropy=secrets.randbits(ENTROPY_BITS))

    return new_id
