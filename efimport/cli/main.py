"""The program ``efimport``: global options and the list of commands; a command's module is loaded when it is called."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

COMMANDS = {
    "check": ("efimport.cli.check:check", "Read files and say what is wrong with them."),
    "import": ("efimport.cli.import_:import_", "Plan, show and send documents to the service."),
    "watch": ("efimport.cli.watch:watch", "Watch a folder: drop a file, see what became of it."),
    "convert": ("efimport.cli.convert:convert", "Write the documents of a file in another format."),
    "sandbox": ("efimport.cli.sandbox:sandbox", "Run a local stand-in of the service."),
    "journal": ("efimport.cli.journal:journal", "Show what was sent; settle unknown outcomes."),
    "call": ("efimport.cli.call:call", "Call any method of the service."),
    "formats": ("efimport.cli.formats:formats", "List the formats that are read."),
    "mappings": ("efimport.cli.mappings:mappings", "Mapping files for tables; tables to fill in."),
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; near names are suggested for an unknown one."""
        near = difflib.get_close_matches(args[0], COMMANDS, n=2)
        if args[0] not in COMMANDS and near and not args[0].startswith("-"):
            ctx.fail(f"No such command '{args[0]}'. Did you mean: {', '.join(near)}?")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands, or options, without loading the commands."""
        names = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from efimport import __version__

        click.echo(f"efimport {__version__}")
        ctx.exit()


def _language(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from efimport.messages import LANGUAGES

    code = re.split("[-_.]", value.lower())[0]
    if code not in LANGUAGES:
        raise click.BadParameter(f"'{value}' is not one of: {', '.join(LANGUAGES)}.")
    return code


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", "settings_file", type=click.Path(dir_okay=False), help="Settings file (efimport.toml).")
@click.option("--organization", metavar="NAME", help="Organization of the settings that is meant.")
@click.option(
    "--lang", callback=_language, help="Language of messages: en, cs. Otherwise the setting or the locale decides."
)
@click.option("--verbose", "-v", count=True, help="Show everything.")
@click.option("--quiet", "-q", count=True, help="Show the summary only.")
@click.option("--no-color", is_flag=True, help="No colors.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Takes the documents of firms, checks them, and delivers them to e-računi/Eurofaktura.

    Nothing lost, nothing doubled: a dry run shows what will be sent, a journal remembers what was. The options below
    may stand before or behind the command.

    Exit status: 0 all well; 1 something was refused, rejected or failed, or you stopped it; 2 usage or settings;
    3 an outcome is unknown and needs a person.
    """
    ctx.obj = ctx.ensure_object(dict)
    ctx.obj.update(options)


COMPLETION = "_EFIMPORT_COMPLETE"
"""Variable by which a shell asks for completion."""
WITH_VALUE = ("--config", "--organization", "--lang")
SWITCH = re.compile("-[vq]+|--verbose|--quiet|--no-color")


def with_global_options_first(arguments: list[str]) -> list[str]:
    """The arguments with the global options in front: people write them behind the command as well."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif SWITCH.fullmatch(argument) or argument.startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            first.append(argument)
        elif argument in WITH_VALUE:
            first += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        else:
            rest.append(argument)
    return first + rest


def main() -> None:
    """Entry point of the program."""
    _speak_any_letter()
    status = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_standard_output()
    if _insisted():
        # Nobody waits for the answer in flight any more; a thread that does would hold up the end or break in it.
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _insisted() -> bool:
    """Whether a request is still in flight: the user ended the program at once."""
    lanes = sys.modules.get("efimport.delivery.lanes")
    return lanes is not None and lanes.under_way()


def _run(arguments: list[str]) -> int:
    """The exit status; everything that can go wrong is told on standard error."""
    # Filled while the command line and the settings are read; an error is told in the language that is known then.
    options: dict[str, Any] = {}
    if COMPLETION in os.environ:
        from efimport.cli.completion import offer_completion

        offer_completion()
    try:
        status = cli.main(args=with_global_options_first(arguments), standalone_mode=False, obj=options)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - told apart at once, a fault of ours keeps its traceback
        from efimport.cli.failure import exit_status

        return exit_status(error, options.get("language") or options.get("lang"), options.get("mask", str))
    return status if isinstance(status, int) else 0


def _speak_any_letter() -> None:
    """A letter that the terminal's encoding lacks is written out, instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def leave_standard_output(stream: IO[str] | None = None) -> None:
    """Nobody reads standard output any more (``| head``): the rest goes nowhere and the work keeps its exit status."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), (stream or sys.stdout).fileno())
