"""All code systems, value sets and concept maps of a gateway: shipped, of its policies, loaded, and of packages.

What stands first applies where no version is asked for: the version that the settings name, else the loaded one that
is current, else the shipped one, else that of the packages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from gateway.store.concepts import Concepts, LoadState
from gateway.terminology.concept_map import ConceptMap
from gateway.terminology.loaded import Loaded
from gateway.terminology.members import Members, members_of
from gateway.terminology.packages import Definitions, package_system, package_value_set
from gateway.terminology.system import CodeSystem
from gateway.terminology.value_set import Include, ValueSet

Held: TypeAlias = CodeSystem | Loaded


@dataclass(frozen=True, eq=False)
class _State:
    """What is known at a time; replaced as a whole. `signature`: the loaded versions it was made of."""

    systems: Mapping[str, Sequence[Held]]
    ids: Mapping[str, str]
    value_sets: Mapping[str, ValueSet]
    value_set_ids: Mapping[str, str]
    signature: tuple[object, ...]
    made: dict[str, Members] = field(default_factory=dict)
    of_packages: dict[tuple[str, str], CodeSystem] = field(default_factory=dict)


class Terminology:
    """Owns what was made ready; any thread may ask. `refresh` takes over what another process loaded.

    `choices`: id of a system → the version that applies.
    """

    def __init__(
        self,
        systems: Iterable[CodeSystem],
        maps: Iterable[ConceptMap] = (),
        *,
        value_sets: Iterable[ValueSet] = (),
        definitions: Definitions | None = None,
        choices: Mapping[str, str] | None = None,
        store: Concepts | None = None,
    ) -> None:
        self._own = tuple(systems)
        self._own_sets = tuple(value_sets)
        self._choices = dict(choices or {})
        self._definitions = definitions
        self._store = store
        self._lock = Lock()
        self._state = self._make(())
        self.maps: tuple[ConceptMap, ...] = tuple(maps)
        self._maps_by_source: dict[tuple[str, bool], list[ConceptMap]] = {}
        for each in self.maps:
            for source, target in each.systems():
                self._maps_by_source.setdefault((source, False), []).append(each)
                self._maps_by_source.setdefault((target, True), []).append(each)
        self.refresh()

    def refresh(self) -> bool:
        """Look for versions that were loaded since; whether anything changed. What was ready stays ready."""
        if self._store is None:
            return False
        found = [each for each in self._store.versions() if each.state != LoadState.LOADING]
        found.sort(key=lambda each: each.state != LoadState.CURRENT)
        signature = tuple((each.url, each.version, each.state, each.digest) for each in found)
        with self._lock:
            if signature == self._state.signature:
                return False
            bases = {each.url: each for each in reversed(self._own)}
            known = {(each.found.url, each.found.version, each.found.digest): each for each in self._loaded()}
            loaded = [
                known.get((each.url, each.version, each.digest)) or Loaded(each, self._store, bases.get(each.url))
                for each in found
            ]
            self._state = self._make(loaded, signature)
            return True

    def warm(self) -> None:
        """Make ready what was loaded, so that no question waits for it."""
        for each in self._loaded():
            if each.found.state == LoadState.CURRENT:
                each.system()

    @property
    def state(self) -> object:
        """Another object whenever something was loaded: what was worked out before it may be out of date."""
        return self._state

    # code systems

    def system(self, url: str, version: str = "") -> CodeSystem | None:
        """A version of a system (`url` may end with |version); without one, that which applies."""
        bare, _, said = url.partition("|")
        wanted = version or said
        held = self._state.systems.get(bare, ())
        for each in held:
            if not wanted or wanted == (each.found.version if isinstance(each, Loaded) else each.version):
                return each.system() if isinstance(each, Loaded) else each
        return self._of_packages(bare, wanted) if not held or wanted else None

    def system_of_id(self, id: str) -> CodeSystem | None:
        """The system whose resource has an id."""
        url = self._state.ids.get(id)
        return self.system(url) if url is not None else None

    def described(self) -> list[CodeSystem]:
        """Every system that is not of a package alone, in each version, by url; those loaded without concepts."""
        return [
            each.described() if isinstance(each, Loaded) else each
            for _, held in sorted(self._state.systems.items())
            for each in held
        ]

    # value sets

    def value_set(self, url: str) -> ValueSet | None:
        """A value set by canonical, which may end with |version."""
        bare, _, version = url.partition("|")
        found = self._state.value_sets.get(bare)
        if found is not None and version in ("", found.version):
            return found
        return package_value_set(self._definitions, url) if self._definitions is not None else None

    def value_set_of_id(self, id: str) -> ValueSet | None:
        """The value set whose resource has an id."""
        url = self._state.value_set_ids.get(id)
        return self._state.value_sets[url] if url is not None else None

    def value_sets(self) -> list[ValueSet]:
        """Every value set that is not of a package, by url."""
        return [found for _, found in sorted(self._state.value_sets.items())]

    def members(self, url: str) -> Members | None:
        """A value set made ready, once; None where there is none."""
        made = self._state.made
        if url not in made:
            found = self.value_set(url)
            if found is None:
                return None
            made[url] = members_of(found, self.system, self.value_set)
        return made[url]

    # concept maps

    def map(self, url: str, version: str = "") -> ConceptMap | None:
        """A map by canonical, which may end with |version."""
        bare, _, said = url.partition("|")
        wanted = version or said
        return next((each for each in self.maps if each.url == bare and wanted in ("", each.version)), None)

    def map_of_id(self, id: str) -> ConceptMap | None:
        """The map whose resource has an id."""
        return next((each for each in self.maps if each.id == id), None)

    def maps_from(self, system: str, *, reverse: bool = False) -> Sequence[ConceptMap]:
        """The maps that translate codes of a system, one way or the other."""
        return self._maps_by_source.get((system, reverse), ())

    def _loaded(self) -> list[Loaded]:
        return [each for held in self._state.systems.values() for each in held if isinstance(each, Loaded)]

    def _make(self, loaded: Sequence[Loaded], signature: tuple[object, ...] = ()) -> _State:
        systems: dict[str, list[Held]] = {}
        for each in loaded:
            systems.setdefault(each.found.url, []).append(each)
        for own in self._own:
            systems.setdefault(own.url, []).append(own)
        for held in systems.values():
            held.sort(key=lambda each: self._choices.get(each.id, "") != _version(each))
        ids = {each.id: url for url, held in systems.items() for each in held}
        taken = {each.id for each in self._own_sets}  # of two with one id, that which is written out is served
        whole = (each for held in systems.values() for each in _described(held)[:1] if each.id not in taken)
        sets = {each.value_set: _whole(each) for each in whole}
        sets |= {each.url: each for each in self._own_sets}
        sets.pop("", None)
        return _State(systems, ids, sets, {each.id: url for url, each in sets.items()}, signature)

    def _of_packages(self, url: str, version: str) -> CodeSystem | None:
        if self._definitions is None:
            return None
        made = self._state.of_packages
        if (url, version) in made:
            return made[url, version]
        found = package_system(self._definitions, url, version)
        if found is not None:
            made[url, version] = found
        return found


def _version(each: Held) -> str:
    return each.found.version if isinstance(each, Loaded) else each.version


def _described(held: Sequence[Held]) -> list[CodeSystem]:
    return [each.described() if isinstance(each, Loaded) else each for each in held]


def _whole(system: CodeSystem) -> ValueSet:
    """The value set of all codes of a system."""
    title = " / ".join(text for text in system.title.values() if text)
    return ValueSet(
        url=system.value_set, id=system.id, title=title, version=system.version, includes=(Include(system.url),)
    )
