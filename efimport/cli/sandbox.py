"""``efimport sandbox``: the local stand-in of the service."""

from __future__ import annotations

from pathlib import Path

import click

from efimport.cli.failure import of_the_system
from efimport.errors import UsageError
from efimport.messages import message
from efimport.settings import SITES


@click.command()
@click.option("--site", type=click.Choice(SITES), default="CZ", show_default=True, help="Site that is played.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0 takes a free one.  [default: 0]")
@click.option("--state", "state_file", type=click.Path(dir_okay=False), metavar="FILE", help="Keep the state in FILE.")
@click.option("--any-account", is_flag=True, help="Take statements of any valid account.")
@click.option(
    "--account", "accounts", multiple=True, metavar="IBAN", help="A bank account of the organization. May be repeated."
)
@click.option(
    "--latency",
    type=(click.FloatRange(min=0), click.FloatRange(min=0)),
    default=(0.0, 0.0),
    metavar="MIN MAX",
    help="Shortest and longest time to an answer, in seconds.",
)
@click.option(
    "--organizations", type=click.IntRange(1, 99), metavar="NUMBER", default=1, help="Organizations that can log in."
)
@click.option(
    "--users",
    type=click.IntRange(1, 99),
    metavar="NUMBER",
    default=1,
    help="Users of each organization in the settings.",
)
def sandbox(
    site: str,
    port: int,
    state_file: str | None,
    any_account: bool,
    accounts: tuple[str, ...],
    latency: tuple[float, float],
    organizations: int,
    users: int,
) -> None:
    """Run a local stand-in of the service until Ctrl-C or SIGTERM.

    It prints its endpoint and settings that fit it; put them into efimport.toml and import into it as into the
    service. GET /_sandbox/state shows what it holds. Nothing leaves this machine.
    """
    from efimport.sandbox.server import run

    try:
        run(
            site=site,
            port=port,
            # Piped, too, the endpoint must be there at once: a script waits for it.
            announce=lambda text: click.echo(text, nl=False),
            state_file=Path(state_file) if state_file else None,
            accept_any_account=any_account,
            accounts=accounts or None,
            latency=latency,
            organizations=organizations,
            users_each=users if users > 1 else None,
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is not None:
            raise UsageError(of_the_system(error)) from error
        raise UsageError(
            message("The port {port} cannot be used: {reason}.", port=port, reason=error.strerror or error),
            message("Name another one, or leave --port out to take a free one."),
        ) from error
    except (TypeError, ValueError) as error:
        raise UsageError(message("The sandbox cannot start: {reason}", reason=error)) from error
