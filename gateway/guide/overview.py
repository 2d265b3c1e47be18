"""The first page, the list of every definition, and the page of an example."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from gateway.guide.html import both, code, facts, link, section, table
from gateway.guide.model import Both, Example, Guide, Resource, description_of, page_of, title_of, url_of
from gateway.guide.structures import result_of

ARCHIVE = "package.tgz"


class Kind(NamedTuple):
    """Definitions that are listed together. `types`: their FHIR types, '' for profiles and extensions."""

    anchor: str
    title: Both
    members: tuple[Resource, ...]


def kinds_of(guide: Guide) -> list[Kind]:
    """Every definition, in the order of the lists."""
    return [
        Kind("profiles", Both("资源规范", "profiles"), tuple(guide.profiles())),
        Kind("extensions", Both("扩展", "extensions"), tuple(guide.extensions())),
        Kind("value-sets", Both("值集", "value sets"), tuple(guide.of_type("ValueSet"))),
        Kind("code-systems", Both("代码系统", "code systems"), tuple(guide.of_type("CodeSystem"))),
        Kind("maps", Both("代码对照", "concept maps"), tuple(guide.of_type("ConceptMap"))),
        Kind("operations", Both("操作", "operations"), tuple(guide.of_type("OperationDefinition"))),
        Kind("search", Both("查询参数", "search parameters"), tuple(guide.of_type("SearchParameter"))),
        Kind("topics", Both("订阅主题", "subscription topics"), tuple(guide.of_type("Basic"))),
        Kind("capabilities", Both("能力声明", "capability statements"), tuple(guide.of_type("CapabilityStatement"))),
    ]


def overview_body(guide: Guide) -> str:
    """What the guide is, where each user starts, and the package."""
    manifest = guide.manifest
    words = Both(
        "本指南说明网关通过 FHIR R4 接收和返回的内容。每个规范都附有有效和无效的示例，无效示例注明校验器给出的代码。",
        "What the gateway takes and gives over FHIR R4. Every profile has examples that are valid, and examples that "
        "are not, with the codes the validator gives.",
    )
    counts = [(each.title, link(f"artifacts.html#{each.anchor}", str(len(each.members)))) for each in kinds_of(guide)]
    identities = (
        "<p><code>submitted = own-expense + over-limit + first-payment + in-scope</code><br>"
        "<code>submitted = fund-total + account + cash + institution-share</code></p>"
    )
    package = facts(
        (
            (Both("名称", "name"), code(f"{manifest['name']}#{manifest['version']}")),
            (Both("下载", "download"), link(ARCHIVE, code(f"{manifest['name']}-{manifest['version']}.tgz"))),
            (Both("校验", "check a file"), code(f"gateway validate FILE --package {ARCHIVE} --profile …")),
        )
    )
    return (
        f"<p>{both(words)}</p>\n"
        + section(Both("从哪里开始", "where to start"), _users(guide))
        + section(Both("金额恒等式", "identities of money"), identities)
        + section(Both("内容", "what is in it"), facts(counts))
        + section(Both("软件包", "package"), package)
    )


def _users(guide: Guide) -> str:
    every = {each["id"]: each for each in guide.of_type("CapabilityStatement")}
    listed = [every[id] for id in ("clinic", "bank", "agency", "server") if id in every]
    rows = ((link(page_of(each), both(title_of(each))), both(description_of(each))) for each in listed)
    return table((Both("用户", "user"), Both("做什么", "what it does")), rows)


def artifacts_body(guide: Guide) -> str:
    """Every definition with its title and address."""
    return "".join(
        f'<div id="{kind.anchor}">{section(kind.title, _listed(kind.members))}</div>\n' for kind in kinds_of(guide)
    )


def _listed(members: Iterable[Resource]) -> str:
    head = (Both("名称", "name"), Both("说明", "what it is"), Both("规范地址", "canonical address"))
    rows = (
        (link(page_of(each), both(title_of(each))), both(description_of(each)), code(url_of(each))) for each in members
    )
    return table(head, rows)


def example_body(guide: Guide, example: Example) -> str:
    """The resource as it is, and what the validator says of it."""
    profile = next(each for each in guide.profiles() if each["id"] == example.profile)
    said = facts(
        (
            (Both("规范", "profile"), link(page_of(profile), both(title_of(profile)))),
            (Both("结果", "result"), result_of(example)),
            (Both("资源", "resource"), link(example.file, code(example.file))),
        )
    )
    return f"{said}<pre>{escape(example.text.decode())}</pre>"
