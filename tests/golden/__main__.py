"""`python -m tests.golden [--write] [WORD …]`: compare every sample with its answer file, or write what is answered.

Words choose scenarios by a part of their path. Without --write, ends 1 when anything differs. With --write and no
words the example in profiles/README.md is answered anew, too.
"""

import sys
import tempfile
from pathlib import Path

from tests.golden.guide import GUIDE, answered, examples, rewritten
from tests.golden.scenario import Played, play, scenarios
from tests.golden.world import ROOT, load_shared


def main(arguments: list[str]) -> int:
    """Exit code: 0 as stored or written, 1 something differs."""
    writing = "--write" in arguments
    words = [each for each in arguments if each != "--write"]
    shared, different = load_shared(), 0
    for folder in scenarios():
        name = folder.relative_to(ROOT).as_posix()
        if words and not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory() as place:
            played = play(folder, shared, Path(place))
        if writing:
            changed = [each.name for each in played if write(folder, each)]
        else:
            changed = [each.name for each in played if differences(folder, each)]
            different += len(changed)
        print(f"{name}: {len(played)} messages, {'changed' if changed else 'as stored'} {' '.join(changed)}".rstrip())
    if writing and not words:
        text = GUIDE.read_text("utf-8")
        with tempfile.TemporaryDirectory() as place:
            GUIDE.write_text(rewritten(text, answered(examples(text)[0], shared, Path(place))), "utf-8")
    return 1 if different else 0


def stored(folder: Path, played: Played) -> dict[Path, bytes]:
    """Where each golden file of a message lies, and what belongs there; b'' where the mapping made nothing."""
    return {folder / f"{played.name}.ack": played.answer, folder / "fhir" / f"{played.name}.json": played.fhir}


def differences(folder: Path, played: Played) -> list[str]:
    """What is not as stored: an answer must be there, FHIR is compared where it is there."""
    found = []
    for path, content in stored(folder, played).items():
        if path.exists():
            found += [f"{path.name} differs"] if path.read_bytes() != content else []
        elif path.suffix == ".ack":
            found.append(f"{path.name} is missing: run python -m tests.golden --write and review it")
    return found


def write(folder: Path, played: Played) -> bool:
    """Store the golden files of a message; whether anything changed."""
    changed = False
    for path, content in stored(folder, played).items():
        before = path.read_bytes() if path.exists() else None
        if path.suffix == ".json" and not content:
            path.unlink(missing_ok=True)
            changed |= before is not None
        elif before != content:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            changed = True
    return changed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
