"""`python -m gateway.definitions.build TGZ [OUT]`: makes the table of base definitions that ships with the product.

The same package always gives the same payload (see `table.digest`), whatever the release of zlib.
"""

import sys
from pathlib import Path
from typing import Final

from gateway.definitions.files import package_files
from gateway.definitions.package import compile_package
from gateway.definitions.table import Table, pack

SHIPPED: Final = Path(__file__).parent / "r4" / "core.table"


def base_table(path: Path) -> Table:
    """The table of FHIR R4 core as it ships: every type, profile, extension, parameter, value set and code system."""
    return compile_package(package_files(path), path.name)


def main() -> None:
    """Read the package, write the table, say how large it is."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m gateway.definitions.build PACKAGE.tgz [OUT]")
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else SHIPPED
    table = base_table(Path(sys.argv[1]))
    data = pack(table)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    sys.stdout.write(f"{out}: {len(table.entries)} definitions, {len(data)} bytes\n")


if __name__ == "__main__":
    main()
