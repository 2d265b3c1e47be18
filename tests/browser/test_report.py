"""The report of a run in a browser: every group and Chinese words in the DOM, nothing refused by its own policy.

The screenshot is kept under the report folder, `var/conformance`.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.__main__ import main
from conformance.suite import GROUPS
from tests.unit.conformance.served import WHO, gateway, places

pytestmark = pytest.mark.browser

REPORTS = Path(__file__).parents[2] / "var" / "conformance"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=3000")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with gateway(tmp_path_factory.mktemp("gateway")) as addresses:
        assert main(["run", *places(addresses), *WHO, "--out", str(REPORTS)]) == 0
    return REPORTS / "report.html"


def opened(page: Path, folder: Path, *more: str) -> tuple[str, str]:
    """What the browser writes, and what it has to say."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert browser, "a Chromium is needed: install one, or leave `make test-browser` out"
    done = subprocess.run(
        [browser, *_OPTIONS, f"--user-data-dir={folder}", *more, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout, done.stderr


def test_the_report_is_there_in_the_browser(page: Path, tmp_path: Path) -> None:
    dom, said = opened(page, tmp_path, "--dump-dom")

    for text in (
        "一致性检查报告",
        "全部通过 / all passed",
        "settled-once",
        "一次就诊只结算一次",
        "请求 request",
        "infcode",
    ):
        assert text in dom, text
    assert all(f'<section id="{group}">' in dom for group in GROUPS)
    assert "CONSOLE" not in said, said
    assert "Content Security Policy" not in said


def test_a_screenshot_is_kept(page: Path, tmp_path: Path) -> None:
    picture = REPORTS / "report.png"
    picture.unlink(missing_ok=True)

    opened(page, tmp_path, f"--screenshot={picture}", "--window-size=1280,1600")

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
