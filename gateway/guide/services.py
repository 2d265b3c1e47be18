"""The pages of operations, search parameters, capability statements and subscription topics."""

from collections.abc import Iterator
from typing import Any

from gateway.guide.html import code, section, table, told
from gateway.guide.model import TOPIC, Both, Guide, Resource
from gateway.guide.shared import about, named


def operation_body(guide: Guide, operation: Resource) -> str:
    """Everything below the title."""
    head = (
        Both("参数", "parameter"),
        Both("方向", "use"),
        Both("基数", "card."),
        Both("类型", "type"),
        Both("说明", "what it is"),
    )
    rows = _parameters(operation.get("parameter", ()), "")
    return about(operation, (Both("调用地址", "called at"), _addresses(operation))) + section(
        Both("参数", "parameters"), table(head, rows)
    )


def search_parameter_body(guide: Guide, parameter: Resource) -> str:
    """Everything below the title."""
    return about(
        parameter,
        (Both("参数名", "code"), code(parameter["code"])),
        (Both("资源", "of"), code(", ".join(parameter["base"]))),
        (Both("类型", "type"), code(parameter["type"])),
        (Both("表达式", "expression"), code(parameter["expression"])),
    )


def topic_body(guide: Guide, topic: Resource) -> str:
    """Everything below the title."""
    rows = ((code(name), told(value)) for name, value in _values(topic["extension"], TOPIC))
    return about(topic) + section(Both("内容", "what it says"), table((Both("项", "part"), Both("值", "value")), rows))


def capability_body(guide: Guide, capability: Resource) -> str:
    """Everything below the title."""
    head = (
        Both("资源", "resource"),
        Both("规范", "profiles"),
        Both("交互", "interactions"),
        Both("查询参数", "search parameters"),
        Both("操作", "operations"),
    )
    parts = [about(capability)]
    for rest in capability["rest"]:
        words = f"<p>{told(rest['documentation'])}</p>\n" if "documentation" in rest else ""
        rows = (_offered(guide, each) for each in rest.get("resource", ()))
        side = Both("作为服务方", "as a server") if rest["mode"] == "server" else Both("作为调用方", "as a client")
        parts.append(section(side, words + table(head, rows)))
    return "".join(parts)


def _offered(guide: Guide, resource: Resource) -> tuple[str, str, str, str, str]:
    return (
        code(resource["type"]),
        "<br>".join(named(guide, each) for each in resource.get("supportedProfile", ())),
        " ".join(code(each["code"]) for each in resource.get("interaction", ())),
        " ".join(code(each["name"]) for each in resource.get("searchParam", ())),
        "<br>".join(
            f"{code('$' + each['name'])} {named(guide, each['definition'])}" for each in resource.get("operation", ())
        ),
    )


def _addresses(operation: Resource) -> str:
    types = operation.get("resource", [""])
    name = f"${operation['code']}"
    places = [f"[base]/{type}/{name}" for type in types if operation["type"]]
    places += [f"[base]/{type}/[id]/{name}" for type in types if operation["instance"]]
    return " ".join(code(each) for each in places)


def _parameters(parameters: Any, before: str) -> Iterator[tuple[str, str, str, str, str]]:
    for each in parameters:
        name = f"{before}{each['name']}"
        card = f"{each['min']}..{each['max']}"
        yield code(name), code(each["use"]), card, code(each.get("type", "")), told(each.get("documentation", ""))
        yield from _parameters(each.get("part", ()), f"{name}.")


def _values(extensions: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Name and value of each extension, those inside another behind it."""
    for extension in extensions:
        name = extension["url"].removeprefix(prefix)
        yield from ((name, str(value)) for key, value in extension.items() if key.startswith("value"))
        yield from ((f"{name}.{inner}", value) for inner, value in _values(extension.get("extension", ()), prefix))
