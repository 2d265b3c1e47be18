"""`/ig`: the implementation guide as pages, its definitions and examples as files, and the package to download.

Open to everybody: it says how to speak with the gateway and nothing of what anybody said.
"""

import asyncio
from pathlib import Path
from threading import Lock

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.guide.load import load_guide
from gateway.guide.site import File, Site, site_of
from gateway.kernel.problem import Kind, Problem, Refusal

_CACHED = {
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Shelf:
    """Owns the site of a folder: read when first asked for, then kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._site: Site | None = None
        self._lock = Lock()

    def file(self, name: str) -> File:
        """The file of a name. Refusal: no-guide, no-guide-page."""
        with self._lock:
            if self._site is None:
                self._site = site_of(load_guide(self._folder))
            found = self._site.file(name)
        if found is None:
            raise Refusal(_no_page(name))
        return found


def guide_routes(folder: Path) -> APIRouter:
    """The router. `folder`: `profiles/`, with the compiled package and the examples. Refusals are raised."""
    router = APIRouter(prefix="/ig", tags=["implementation guide"])
    shelf = Shelf(folder)

    async def front(_request: Request) -> Response:
        return RedirectResponse("/ig/")

    async def serve(request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        return _served(await asyncio.to_thread(shelf.file, name), request)

    summary = "The implementation guide: pages, definitions, examples, package.tgz"
    router.add_api_route("", front, methods=["GET"], summary=summary, name="guide-front")
    router.add_api_route("/", serve, methods=["GET"], summary=summary, name="guide-index")
    router.add_api_route("/{name}", serve, methods=["GET"], summary=summary, name="guide-file")
    return router


def _served(file: File, request: Request) -> Response:
    headers = {**_CACHED, "ETag": file.etag}
    if file.policy:
        headers["Content-Security-Policy"] = file.policy
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if asked & {file.etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.media_type)


def _no_page(name: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-guide-page",
        f"/ig/{name[:80]}",
        "the guide has no such page: /ig/artifacts.html lists every one",
        "实施指南没有此页:全部页面见 /ig/artifacts.html",
    )
