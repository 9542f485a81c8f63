"""The program ``efimport``: global options and the list of commands; a command's module is loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "check": ("efimport.cli.check:check", "Read files and say what is wrong with them."),
    "import": ("efimport.cli.import_:import_", "Plan, show and send documents to the service."),
    "sandbox": ("efimport.cli.sandbox:sandbox", "Run a local stand-in of the service."),
    "journal": ("efimport.cli.journal:journal", "Show what was sent; settle unknown outcomes."),
    "call": ("efimport.cli.call:call", "Call any method of the service."),
    "formats": ("efimport.cli.formats:formats", "List the formats that are read."),
    "explain": ("efimport.cli.explain:explain", "Explain a finding: what, why, what to do."),
    "config": ("efimport.cli.config:config", "Write or check the settings."),
    "hash-password": ("efimport.cli.config:hash_password", "Work out md5pass of a user."),
    "demo": ("efimport.cli.demo:demo", "Sandbox, samples and report, end to end."),
}


class LazyGroup(click.Group):
    """Knows the names and one line about each command, and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from efimport import __version__

        click.echo(f"efimport {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", "settings_file", type=click.Path(dir_okay=False), help="Settings file (efimport.toml).")
@click.option("--organization", help="Organization of the settings that is meant.")
@click.option("--lang", help="Language of messages: en, cs. Otherwise the setting or the locale decides.")
@click.option("--verbose", "-v", count=True, help="Show everything.")
@click.option("--quiet", "-q", count=True, help="Show the summary only.")
@click.option("--no-color", is_flag=True, help="No colors.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Takes the documents of firms, checks them, and delivers them to e-računi/Eurofaktura.

    Nothing lost, nothing doubled: a dry run shows what will be sent, a journal remembers what was.

    Exit status: 0 all well; 1 something was refused or rejected; 2 usage or settings; 3 an outcome is unknown and needs
    a person.
    """
    ctx.obj = options


WITH_VALUE = ("--config", "--organization", "--lang")
SWITCHES = ("-v", "-vv", "-q", "--verbose", "--quiet", "--no-color")


def with_global_options_first(arguments: list[str]) -> list[str]:
    """The arguments with the global options in front: people write them behind the command as well."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in SWITCHES or argument.startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            first.append(argument)
        elif argument in WITH_VALUE:
            first += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        else:
            rest.append(argument)
    return first + rest


def main() -> None:
    """Entry point of the program."""
    try:
        status = cli.main(args=with_global_options_first(sys.argv[1:]), standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - told apart at once, anything that is not ours goes on
        from efimport.cli.failure import exit_status

        sys.exit(exit_status(error, cli_language()))
    sys.exit(status if isinstance(status, int) else 0)


def cli_language() -> str | None:
    """The language that was asked for on the command line, for errors before the settings are read."""
    arguments = sys.argv
    if "--lang" in arguments[:-1]:
        return arguments[arguments.index("--lang") + 1]
    return next((one.partition("=")[2] for one in arguments if one.startswith("--lang=")), None)
