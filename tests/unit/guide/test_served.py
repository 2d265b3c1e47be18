"""`/ig` on a served gateway: open to all, cached by ETag, every link found, Chinese in the pages."""

import re
from collections.abc import Iterator

import httpx
import pytest

from gateway.guide.html import POLICY
from tests.unit.api.answers import codes
from tests.unit.guide.guides import guide
from tests.unit.guide.served import served_guide

PAGE = "StructureDefinition-cn-claim.html"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        served_guide(tmp_path_factory.mktemp("guide")) as address,
        httpx.Client(base_url=address, timeout=30, trust_env=False) as client,
    ):
        yield client


def test_every_link_from_the_front_is_found(front: httpx.Client) -> None:
    waiting, seen = [""], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        answer = front.get(name)
        assert answer.status_code == 200, name
        if answer.headers["content-type"].startswith("text/html"):
            assert re.search("[\u4e00-\u9fff]", answer.text), name
            assert answer.headers["content-security-policy"].startswith(POLICY)
            waiting += re.findall(r'(?:href|action)="([^"#:]+)["#]', answer.text)

    definitions = {f"{each['resourceType']}-{each['id']}.html" for each in guide().resources}
    examples = {each.page for each in guide().examples}
    assert (definitions | examples | {"package.tgz", "search.html"}) - seen == set()


def test_the_front_is_reached_without_its_slash(front: httpx.Client) -> None:
    answer = front.get(str(front.base_url).rstrip("/"))

    assert (answer.status_code, answer.headers["location"]) == (307, "/ig/")
    assert "医疗保险网关实施指南" in front.get("").text


def test_what_has_not_changed_is_not_sent_again(front: httpx.Client) -> None:
    first = front.get(PAGE)
    again = front.get(PAGE, headers={"If-None-Match": first.headers["etag"]})
    other = front.get(PAGE, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"] == other.headers["etag"]
    assert (other.status_code, other.content) == (200, first.content)
    assert "max-age" in first.headers["cache-control"]


def test_definitions_and_the_package_are_files(front: httpx.Client) -> None:
    definition = front.get("StructureDefinition-cn-claim.json")
    package = front.get("package.tgz")

    assert definition.headers["content-type"].startswith("application/fhir+json")
    assert definition.json()["url"].endswith("/StructureDefinition/cn-claim")
    assert package.headers["content-type"] == "application/gzip"
    assert package.content[:2] == b"\x1f\x8b"


@pytest.mark.parametrize("name", ["nothing.html", "..%2Fpyproject.toml", "%00", "a" * 3000])
def test_a_page_that_is_not_there_is_said_to_be_none(name: str, front: httpx.Client) -> None:
    assert codes(front.get(name)) in (["no-guide-page"], ["unknown-address"])
