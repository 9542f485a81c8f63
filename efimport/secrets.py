"""Secrets: values that are never shown, and the places that they come from.

A :class:`Secret` prints as ``***`` wherever text is made of it. Its value leaves by :meth:`Secret.reveal` alone, and
the transport of the web service is the one caller. The MD5 hash of user name and password is as good as the password
(web service reference, Authentication), so it is a secret as well.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from efimport.errors import SettingsError
from efimport.messages import message

MASK = "***"
COMMAND_SECONDS = 30


class Secret:
    """A value that must not be seen.

    Args:
        load: called once, when the value is needed for the first time; an environment variable that is not set
            must not stop a dry run.
        origin: where the value comes from, for messages: never the value.
    """

    __slots__ = ("_load", "_value", "origin")

    def __init__(self, load: Callable[[], str], origin: str) -> None:
        self._load = load
        self._value: str | None = None
        self.origin = origin

    @classmethod
    def of(cls, value: str) -> Secret:
        """A secret that is known already."""
        return cls(lambda: value, "value")

    def reveal(self) -> str:
        """The value.

        Raises:
            SettingsError: the place that holds the value cannot be read.
        """
        if self._value is None:
            value = self._load()
            if not value:
                raise SettingsError(message("The secret from {origin} is empty.", origin=self.origin))
            self._value = value
        return self._value

    def check(self) -> None:
        """Whether the value can be had, without giving it away.

        Raises:
            SettingsError: the place that holds the value cannot be read.
        """
        self.reveal()

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, specification: str) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def secret_from(
    value: object, *, name: str, folder: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Secret, bool]:
    """A secret as the settings write it, and whether it stands there in plain text.

    Args:
        value: ``"..."``, ``{env = "NAME"}``, ``{file = "path"}``, ``{command = ["..."]}`` or ``{keyring = "service"}``.
        name: the setting's name, for messages.
        folder: what a relative path is relative to.
        environment: the environment variables.

    Raises:
        SettingsError: the form is not one of these.
    """
    if isinstance(value, str):
        return Secret.of(value), True
    if isinstance(value, dict) and len(value) == 1:
        kind, argument = next(iter(value.items()))
        if kind == "env" and isinstance(argument, str):
            return Secret(lambda: _from_environment(argument, name, environment), f"env {argument}"), False
        if kind == "file" and isinstance(argument, str):
            return Secret(lambda: _from_file(folder / argument, name), f"file {argument}"), False
        if kind == "command" and isinstance(argument, list) and argument:
            command = [str(part) for part in argument]
            return Secret(lambda: _from_command(command, name), f"command {command[0]}"), False
        if kind == "keyring" and isinstance(argument, str):
            return Secret(lambda: _from_keyring(argument, name), f"keyring {argument}"), False
    raise SettingsError(
        message("The setting {name} has a form that is not known.", name=name),
        message(
            'Write it as {{env = "VARIABLE"}}, {{file = "path"}}, {{command = ["program", "argument"]}} or '
            '{{keyring = "service"}}.'
        ),
    )


def _from_environment(variable: str, name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "")
    if not value:
        raise SettingsError(
            message("{name}: the environment variable {variable} is not set.", name=name, variable=variable),
            message("Set the variable, or name another place in efimport.toml."),
        )
    return value


# Below errors are raised outside of the handlers: the error of a text that is no UTF-8 holds the text, that of a
# command its output, and an error that is raised while another is handled leads to it.


def _from_file(path: Path, name: str) -> str:
    try:
        # The rights of the file that is read, not of one that took its place between two looks.
        with path.open("rb") as stream:
            if os.name == "posix" and stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
                raise SettingsError(
                    message("{name}: the file {path} can be read by other users.", name=name, path=path),
                    message("Take the rights away: chmod 600 {path}", path=path),
                )
            return stream.read().decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
    raise SettingsError(
        message("{name}: the file {path} cannot be read ({error}).", name=name, path=path, error=reason)
    )


def _from_command(command: list[str], name: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=COMMAND_SECONDS)
        return done.stdout.rstrip("\r\n")
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        kind = type(error).__name__
    raise SettingsError(
        message(
            "{name}: the command {command} did not give a value ({error}).",
            name=name,
            command=command[0],
            error=kind,
        )
    )


def _from_keyring(service: str, name: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError as error:
        raise SettingsError(
            message("{name}: the system's key store cannot be used.", name=name),
            message('Install the extra: pip install "efimport[keyring]"'),
        ) from error
    try:
        value: str | None = keyring.get_password(service, name)
    except keyring.errors.KeyringError as error:
        raise SettingsError(
            message("{name}: the system's key store cannot be used ({error}).", name=name, error=type(error).__name__)
        ) from error
    if value is None:
        raise SettingsError(
            message("{name}: the key store has no entry {service}.", name=name, service=service),
            message('Store it with: keyring set "{service}" "{name}"', service=service, name=name),
        )
    return value
