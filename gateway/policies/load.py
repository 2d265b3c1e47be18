"""Policy folders → policies. Everything wrong is reported at once, with file, line and what to write instead.

A policy's version is the SHA-256 of its canonical body: the content of policy.yaml and of its catalogue, without
comments and layout. The body is kept with the settlements it decided and loads again to the same policy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.kernel.ids import AreaCode
from gateway.kernel.problem import Problem, refuse_if
from gateway.payment.payment import Payment
from gateway.policies.nodes import Spot, from_plain, mark_wrong, plain, read_yaml
from gateway.policies.read_catalogue import canonical, check_levels, content_hash, read_catalogue
from gateway.policies.read_fund import FundPlan, read_fund
from gateway.policies.read_institutions import Institutions, read_institutions
from gateway.policies.read_payment import read_payment
from gateway.policies.read_policy import read_policy
from gateway.settlement.catalogue import Catalogue
from gateway.settlement.policy import Policy

SHIPPED = Path(__file__).parent
"""The folder of policies that come with the product."""

_FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)


@dataclass(frozen=True, eq=False)
class AreaPolicy:
    """What one policy folder says. `body`: the canonical bytes whose SHA-256 is `policy.version`.

    `fund`: what its fund.yaml says of the books, None where it has none. `payment`: how institutions are paid, None
    without a payment.yaml: then as settled. Neither is part of the version: what people pay does not depend on them.
    """

    policy: Policy
    catalogue: Catalogue
    institutions: Institutions
    body: bytes
    folder: Path
    fund: FundPlan | None = None
    payment: Payment | None = None


@dataclass(frozen=True, eq=False)
class PolicyBook:
    """All loaded policies by id."""

    policies: Mapping[str, AreaPolicy]

    def of(self, area: AreaCode, scheme: str) -> AreaPolicy | None:
        """The policy of an area and scheme, or None."""
        for each in self.policies.values():
            if each.policy.area == area and each.policy.scheme == scheme:
                return each
        return None


def load_policy(folder: Path) -> Policy:
    """The policy of a folder. Refusal with every problem in it and in its catalogue."""
    return load_area(folder).policy


def load_area(folder: Path, *, shared: Path | None = None) -> AreaPolicy:
    """A policy folder with its catalogue and institutions. Refusal with every problem in any of them.

    `shared`: where the catalogue is found when it does not stand beside the folder (a draft kept elsewhere).
    """
    problems: list[Problem] = []
    loaded = _area(folder, problems, shared)
    refuse_if(problems)
    assert loaded is not None, "a folder without problems was read"
    return loaded


def load_catalogue(folder: Path) -> Catalogue:
    """The catalogue of a folder of YAML files. Refusal with every problem in it."""
    problems: list[Problem] = []
    catalogue = read_catalogue(_catalogue_files(folder, problems))
    refuse_if(problems)
    return catalogue


def load_all(folder: Path = SHIPPED) -> PolicyBook:
    """Every sub-folder that has a policy.yaml. Refusal with the problems of all of them together."""
    problems: list[Problem] = []
    policies: dict[str, AreaPolicy] = {}
    for path in sorted(folder.glob("*/policy.yaml")):
        loaded = _area(path.parent, problems)
        if loaded is not None:
            _check_alone(loaded, policies, Spot(from_plain(None), f"{path.parent.name}/policy.yaml", "", problems))
            policies[loaded.policy.id] = loaded
    refuse_if(problems)
    return PolicyBook(policies)


def policy_from_body(body: bytes) -> tuple[Policy, Catalogue]:
    """The policy and catalogue of a kept body, exactly as they decided. Refusal when steps or shapes no longer fit."""
    problems: list[Problem] = []
    content = msgspec.json.decode(body)
    version = content_hash(content)
    files = {name: Spot(from_plain(file), name, "", problems) for name, file in content["catalogue"].items()}
    policy = read_policy(Spot(from_plain(content["policy"]), "policy.yaml", "", problems), version)
    catalogue = read_catalogue(files, policy=policy.id, policy_version=version)
    refuse_if(problems)
    return policy, catalogue


def _area(folder: Path, problems: list[Problem], shared: Path | None = None) -> AreaPolicy | None:
    spot = read_yaml(folder / "policy.yaml", f"{folder.name}/policy.yaml", problems)
    if spot is None:
        return None
    named = _catalogue_name(spot)
    beside = folder.parent / named
    files = _catalogue_files(beside if shared is None or beside.is_dir() else shared / named, problems)
    content = {"policy": plain(spot.node), "catalogue": {name: plain(file.node) for name, file in files.items()}}

    policy = read_policy(spot, content_hash(content))
    catalogue = read_catalogue(files, policy=policy.id, policy_version=policy.version)
    check_levels(files, policy.levels)
    if policy.id and policy.id != folder.name:
        mark_wrong(
            spot, "policy-word", f"'id' is the folder's name: write {folder.name}", f"id 应与文件夹同名:{folder.name}"
        )

    listed = read_yaml(folder / "institutions.yaml", f"{folder.name}/institutions.yaml", problems)
    institutions = read_institutions(listed, policy.levels) if listed is not None else Institutions({})
    kept = folder / "fund.yaml"
    books = read_yaml(kept, f"{folder.name}/fund.yaml", problems) if kept.exists() else None
    fund = read_fund(books) if books is not None else None
    return AreaPolicy(
        policy,
        catalogue,
        institutions,
        canonical(content),
        folder,
        fund=fund,
        payment=_payment(folder, policy, problems),
    )


def _payment(folder: Path, policy: Policy, problems: list[Problem]) -> Payment | None:
    file = folder / "payment.yaml"
    spot = read_yaml(file, f"{folder.name}/payment.yaml", problems) if file.exists() else None
    return read_payment(spot, policy=policy.id, levels=policy.levels) if spot is not None else None


def _catalogue_name(spot: Spot) -> str:
    """The catalogue folder beside the policy's; a name that leads elsewhere finds nothing."""
    named = spot.node.value.get("catalogue") if isinstance(spot.node.value, dict) else None
    value = named.value if named is not None else None
    return value if isinstance(value, str) and _FOLDER_NAME.fullmatch(value) else ""


def _catalogue_files(folder: Path, problems: list[Problem]) -> dict[str, Spot]:
    files = {}
    for path in sorted(folder.glob("*.yaml")):
        spot = read_yaml(path, f"{folder.name}/{path.name}", problems)
        if spot is not None:
            files[path.name] = spot
    if not files and not problems:
        here = Spot(from_plain(None), folder.name, "", problems)
        mark_wrong(here, "policy-file", "the catalogue folder has no file: name one that has", "目录文件夹中没有文件")
    return files


def _check_alone(loaded: AreaPolicy, others: Mapping[str, AreaPolicy], spot: Spot) -> None:
    """One folder for an area and scheme: two would make the answer depend on their order."""
    for other in others.values():
        if (other.policy.area, other.policy.scheme) == (loaded.policy.area, loaded.policy.scheme):
            name = other.folder.name
            mark_wrong(
                spot, "policy-overlap", f"'{name}' has this area and scheme: keep one", f"“{name}”已是同一地区和险种"
            )
