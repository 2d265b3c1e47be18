"""A registry is asked over HTTP, here a real server on this machine; its answers are not believed blindly."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from gateway.definitions import registry
from gateway.definitions.loader import load_library
from gateway.definitions.registry import fetch_package
from gateway.definitions.sources import Sources
from gateway.kernel.problem import Refusal
from tests.unit.definitions.archives import files, tgz, value_set, write

PACKAGE = tgz(files("remote", "1.1.0", value_set("urn:remote")))
Answers = dict[str, tuple[int, bytes]]


def listing(checksum: str = "") -> bytes:
    dist = {"dist": {"shasum": checksum}} if checksum else {}
    return msgspec.json.encode({"name": "remote", "versions": {"1.0.0": {}, "1.1.0": dist, "2.0.0-beta": {}}})


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """The base url of a server with these answers; what it does not have is 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests are silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(checksum: str = "") -> Answers:
    return {"/remote": (200, listing(checksum)), "/remote/1.1.0": (200, PACKAGE)}


@pytest.mark.parametrize("version", ["1.1.0", "1.x", "latest"])
def test_the_version_that_fits_is_fetched(version: str) -> None:
    with serving(whole(hashlib.sha1(PACKAGE, usedforsecurity=False).hexdigest())) as url:
        assert fetch_package(url, "remote", version) == ("1.1.0", PACKAGE)


@pytest.mark.parametrize(("name", "version"), [("remote", "3.0.0"), ("other", "1.0.0"), ("../x", "1.0.0")])
def test_what_the_registry_does_not_have_is_none(name: str, version: str) -> None:
    with serving(whole()) as url:
        assert fetch_package(url, name, version) is None


@pytest.mark.parametrize(
    "answers",
    [
        {"/remote": (500, b"")},
        {"/remote": (200, b"<html>")},
        {"/remote": (200, b"[" * 100_000)},
        {"/remote": (200, listing()), "/remote/1.1.0": (503, b"")},
        {"/remote": (200, listing("0" * 40)), "/remote/1.1.0": (200, PACKAGE)},
    ],
)
def test_an_answer_of_another_kind_is_refused(answers: Answers) -> None:
    with serving(answers) as url, pytest.raises(Refusal, match="registry-unavailable"):
        fetch_package(url, "remote", "1.1.0")


def test_an_answer_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MOST_BYTES", 100)
    with serving(whole()) as url, pytest.raises(Refusal, match="more than 100 bytes"):
        fetch_package(url, "remote", "1.1.0")


def test_nobody_answers() -> None:
    with serving({}) as url:
        closed = url
    with pytest.raises(Refusal, match="registry-unavailable"):
        fetch_package(closed, "remote", "1.1.0")


def test_a_missing_dependency_is_fetched_once_and_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "local", "1.0.0", dependencies={"remote": "1.x"})
    compiled = tmp_path / "compiled"
    with serving(whole()) as url:
        loaded = load_library([path], Sources(registries=(url,), compiled=compiled))
    offline = load_library([path], Sources(compiled=compiled))

    for each in (loaded, offline):
        assert "remote#1.1.0" in [package.id for package in each.library.packages]
        assert each.notes == ()


def test_no_registry_is_asked_unless_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "local", "1.0.0", dependencies={"remote": "1.x"})

    assert [note.code for note in load_library([path], Sources()).notes] == ["missing-dependency"]


def test_a_registry_that_does_not_answer_is_a_note(tmp_path: Path) -> None:
    path = write(tmp_path, "local", "1.0.0", dependencies={"remote": "1.x"})
    with serving({"/remote": (500, b"")}) as url:
        loaded = load_library([path], Sources(registries=(url,), compiled=tmp_path / "compiled"))

    assert [note.code for note in loaded.notes] == ["registry-unavailable", "missing-dependency"]
