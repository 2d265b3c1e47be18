"""`gateway serve`: HTTP and MLLP until interrupted."""

from typing import Annotated

import typer

from gateway.api.serve import Addresses
from gateway.api.serve import serve as serve_forever
from gateway.cli.demo import play_day
from gateway.cli.output import console, print_json, usable
from gateway.demo.home import HOME, TOKENS, is_made, settings_of
from gateway.system import Settings, open_system


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option("--port", help="HTTP port; 0 takes a free one.")] = -1,
    mllp_port: Annotated[int, typer.Option("--mllp-port", help="MLLP port; 0 takes a free one.")] = -1,
    demo_data: Annotated[bool, typer.Option("--demo-data", help="Serve the demonstration's data.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON once they listen.")] = False,
) -> None:
    """Serve FHIR, the NHSA interface and file feeds over HTTP, and HL7 v2 over MLLP.

    Ends 0 on SIGINT or SIGTERM, 2 when the database, keys, partners or policies cannot be used.
    """
    settings = Settings()
    if demo_data and not is_made(HOME):
        play_day(HOME, quiet=json)
    with usable():
        system = open_system(settings_of(HOME) if demo_data else settings)

    def started(addresses: Addresses) -> None:
        where = {"http": addresses.base_url, "fhir": f"{addresses.base_url}/fhir", "mllp": addresses.mllp_port}
        if json:
            print_json(where)
            return
        console.print(f"serving {where['fhir']} and mllp://{addresses.host}:{addresses.mllp_port}", highlight=False)
        if demo_data:
            _print_hints(addresses)

    try:
        serve_forever(
            system,
            host=host or settings.host,
            port=settings.port if port < 0 else port,
            mllp_port=settings.mllp_port if mllp_port < 0 else mllp_port,
            started=started,
        )
    finally:
        system.close()


def _print_hints(addresses: Addresses) -> None:
    """Two requests to try, typed as they are: the token is read from its file."""
    file = HOME / TOKENS
    token = f"""$(sed -n 's/.*"agency": "\\(.*\\)".*/\\1/p' {file})"""
    lines = [
        f"tokens of the partners: {file}",
        f"curl {addresses.base_url}/fhir/metadata",
        f'curl -H "Authorization: Bearer {token}" "{addresses.base_url}/fhir/ClaimResponse?_count=1"',
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
