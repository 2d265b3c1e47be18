"""The guide in a browser: Chinese in the DOM, the search works, nothing is refused by the page's own policy."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.guide.served import served_guide

pytestmark = pytest.mark.browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGES = {
    "": ("医疗保险网关实施指南", "医药机构", "package.tgz"),
    "artifacts.html": ("资源规范", "代码对照", "StructureDefinition-cn-claim.html"),
    "StructureDefinition-cn-claim-response.html": ("结算结果", "cn-response-payers", "总费用 = 基金合计"),
    "ConceptMap-nhsa-med-type.html": ("普通门诊", "outpatient"),
    "CodeSystem-gb-3304.html": ("汉族", "GB/T 3304"),
    "example-cn-claim-outpatient-bill.html": ("MZ201503050001", "有效"),
    "search.html?q=%E6%85%A2%E7%89%B9%E7%97%85": ("CodeSystem-claim-kind.html",),
}


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_guide(tmp_path_factory.mktemp("guide")) as address:
        yield address


def opened(url: str, folder: Path, *more: str) -> tuple[str, str]:
    """The DOM after the page has run, and what the browser had to say."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert browser, "a Chromium is needed: install one, or leave `make test-browser` out"
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=3000")
    done = subprocess.run(
        [browser, *options, f"--user-data-dir={folder}", *more, "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there_in_the_browser(page: str, guide: str, tmp_path: Path) -> None:
    dom, said = opened(guide + page, tmp_path)

    for text in PAGES[page]:
        assert text in dom.partition("<main>")[2] or text in dom.partition("<main>")[0], text
    assert "CONSOLE" not in said, said
    assert "Content Security Policy" not in said


def test_the_search_lists_what_is_asked_for(guide: str, tmp_path: Path) -> None:
    dom, _ = opened(f"{guide}search.html?q=cn-claim-response", tmp_path)

    listed = dom.partition('<ul id="found">')[2].partition("</ul>")[0]
    assert '<a href="StructureDefinition-cn-claim-response.html">' in listed
    assert "StructureDefinition-cn-patient.html" not in listed
