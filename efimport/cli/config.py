"""``efimport config`` and ``efimport hash-password``: the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import SettingsError, UsageError
from efimport.messages import message
from efimport.settings import FILE_NAME, SITES

TEMPLATE = """\
# Settings of efimport. Secrets are best kept outside: env, file, command or keyring.
default_organization = "{name}"

[organizations.{name}]
site = "{site}"
# endpoint = "https://..."          # if your organization has an address of its own
token = {{ env = "EFIMPORT_TOKEN" }}
users = [{{ username = "...", password = {{ env = "EFIMPORT_PASSWORD" }} }}]
# registration_number = "..."       # your registration number: documents of others are noticed
# vat_id = "..."
bank_accounts = []                  # IBAN, or number/bank code
paypal_accounts = []
import_type = "createOnly"          # never overwrites what is there
"""


@click.group()
def config() -> None:
    """Write or check the settings."""


@config.command("init")
@click.option("--name", default="firm", show_default=True, help="Name of the organization in the settings.")
@click.option("--site", type=click.Choice(SITES), default="CZ", show_default=True, help="Site of the service.")
def init(name: str, site: str) -> None:
    """Write efimport.toml into the working directory."""
    path = Path(FILE_NAME)
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise UsageError(message("The name {name} has other signs than letters, digits, - and _.", name=name))
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(name=name, site=site))
    except FileExistsError:
        raise UsageError(message("{path} is there already; it was left as it is.", path=path)) from None
    click.echo(str(path))


@config.command("check")
@click.pass_obj
def check(options: dict[str, Any]) -> None:
    """Say whether the settings can be used."""
    session = Session(options)
    settings = session.settings
    if settings.path is None:
        raise SettingsError(
            message("There is no settings file."),
            message("Write one with: efimport config init"),
        )
    click.echo(str(settings.path))
    for name, organization in settings.organizations.items():
        users = ", ".join(user.username for user in organization.users) or "-"
        click.echo(f"{name}: {organization.site} {organization.endpoint} ({users})")
        if organization.token is not None:
            organization.token.check()
        for user in organization.users:
            for secret in (user.password, user.md5pass):
                if secret is not None:
                    secret.check()
    for name in settings.plain_secrets:
        session.say(message("Warning: {name} stands in the file in plain text; use env, file or keyring.", name=name))


@click.command("hash-password")
@click.argument("username")
@click.password_option("--password", confirmation_prompt=False, prompt="Password", help="Asked for when left out.")
def hash_password(username: str, password: str) -> None:
    """Work out md5pass of USERNAME: the MD5 hash of the upper-case name and the password.

    Keep it as secret as the password: the service accepts it in its place.
    """
    from efimport.api.login import md5pass

    click.echo(md5pass(username, password))
