"""``efimport sandbox``: the local stand-in of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from efimport.settings import SITES


@click.command()
@click.option("--site", type=click.Choice(SITES), default="CZ", show_default=True, help="Site that is played.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0 takes a free one.")
@click.option("--state", "state_file", type=click.Path(dir_okay=False), help="Keep the state in FILE.")
@click.option("--any-account", is_flag=True, help="Take statements of any valid account.")
@click.option("--account", "accounts", multiple=True, help="A bank account of the organization; may be repeated.")
@click.option("--latency", type=(float, float), default=(0.0, 0.0), help="Shortest and longest answer, in seconds.")
def sandbox(
    site: str, port: int, state_file: str | None, any_account: bool, accounts: tuple[str, ...], latency: Any
) -> None:
    """Run a local stand-in of the service until Ctrl-C.

    It prints its endpoint and settings that fit it. GET /_sandbox/state shows what it holds.
    """
    from efimport.sandbox.server import run

    run(
        site=site,
        port=port,
        state_file=Path(state_file) if state_file else None,
        accept_any_account=any_account,
        accounts=accounts or None,
        latency=latency,
    )
