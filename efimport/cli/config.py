"""``efimport config`` and ``efimport hash-password``: the settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from efimport.cli.session import Session
from efimport.errors import SettingsError, UsageError
from efimport.messages import message
from efimport.report.visible import visible
from efimport.secrets import Secret
from efimport.settings import FILE_NAME, SITES, Organization

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
@click.pass_obj
def init(options: dict[str, Any], name: str, site: str) -> None:
    """Write efimport.toml into the working directory, or the file that --config names.

    A file that is there already is left as it is.
    """
    path = Path(options.get("settings_file") or FILE_NAME)
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise UsageError(message("The name {name} has other signs than letters, digits, - and _.", name=name))
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(name=name, site=site))
    except FileExistsError:
        raise UsageError(message("{path} is there already; it was left as it was.", path=path)) from None
    click.echo(visible(str(path)))
    click.echo("Fill in the user and your accounts, then run: efimport config check", err=True)


@config.command("check")
@click.pass_obj
def check(options: dict[str, Any]) -> None:
    """Say whether the settings can be used, with everything that is wrong with them."""
    session = Session(options)
    settings = session.settings
    if settings.path is None:
        raise SettingsError(
            message("There is no settings file."),
            message("Write one with: efimport config init"),
        )
    text = session.catalogue.text
    click.echo(visible(str(settings.path)))
    faults = []
    for name, organization in settings.organizations.items():
        users = ", ".join(user.username for user in organization.users) or "-"
        line = message(
            "{name}: site {site}, {endpoint}, users: {users}, {count} bank accounts",
            name=name,
            site=organization.site,
            endpoint=organization.endpoint,
            users=users,
            count=len(organization.bank_accounts),
        )
        click.echo(visible(text(line)))
        faults += _faults(organization)
    if not settings.organizations:
        faults.append(
            SettingsError(message("No organization is set up."), message("Add a table [organizations.NAME]."))
        )
    for name in settings.plain_secrets:
        session.say(message("Warning: {name} stands in the file in plain text; use env, file or keyring.", name=name))
    for fault in faults:
        session.say(fault.explain(session.catalogue), always=True)
    if not faults:
        click.echo(text("The settings can be used."))
    sys.exit(SettingsError.exit_status if faults else 0)


def _faults(organization: Organization) -> list[SettingsError]:
    """What would stop a run: all of it, not only the first."""
    name = organization.name
    faults = []
    if organization.token is None:
        faults.append(SettingsError(message("organizations.{name}.token is missing.", name=name)))
    if not organization.users:
        faults.append(SettingsError(message("organizations.{name}.users is missing.", name=name)))
    secrets: list[Secret | None] = [organization.token]
    for user in organization.users:
        secrets += [user.password, user.md5pass, user.secret_key]
    for secret in secrets:
        try:
            if secret is not None:
                secret.check()
        except SettingsError as fault:
            faults.append(fault)
    return faults


@click.command("hash-password")
@click.argument("username")
def hash_password(username: str) -> None:
    """Work out md5pass of USERNAME: the MD5 hash of the upper-case name and the password.

    The password is asked for, or read from standard input; a command line could be seen by other users. Keep the hash
    as secret as the password: the service accepts it in its place.
    """
    from efimport.api.login import md5pass

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError(message("No password was given."))
    click.echo(md5pass(username, password))
