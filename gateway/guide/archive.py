"""The package as partners install it: a .tgz in the layout of npm, the same bytes each time."""

import gzip
import io
import tarfile
from collections.abc import Iterator

from gateway.guide.model import Guide


def archive_of(guide: Guide) -> bytes:
    """`package/` with package.json and every definition, `package/example/` with the valid examples."""
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in _members(guide):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return held.getvalue()


def _members(guide: Guide) -> Iterator[tuple[str, bytes]]:
    yield "package/package.json", guide.files["package.json"]
    yield from ((f"package/{name}", content) for name, content in guide.files.items() if name != "package.json")
    for example in guide.examples:
        if example.valid:
            yield f"package/example/{example.profile}-{example.name}.json", example.text
