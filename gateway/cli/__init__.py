"""The command `gateway`: one file per command."""

import typer

from gateway.cli import (
    clearing,
    demo,
    doctor,
    explain,
    ledger,
    payment,
    policy,
    reconcile,
    resettle,
    serve,
    terminology,
    validate,
    verify,
)

app = typer.Typer(
    name="gateway",
    help="Medical-insurance gateway: feeds in, FHIR inside, settled, posted and answered.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("explain")(explain.explain)
app.command("resettle")(resettle.resettle)
app.command("verify")(verify.verify)
app.command("validate")(validate.validate)
app.command("doctor")(doctor.doctor)
app.add_typer(policy.app, name="policy")
app.add_typer(payment.app, name="payment")
app.add_typer(ledger.app, name="ledger")
app.add_typer(clearing.app, name="clearing")
app.add_typer(reconcile.app, name="reconcile")
app.add_typer(terminology.app, name="terminology")


def main() -> None:
    """Entry point of the console script."""
    app()
