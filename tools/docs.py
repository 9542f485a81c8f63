"""Keeps the generated documentation: ``python tools/docs.py update`` and ``python tools/docs.py check``.

Three pages are generated whole: ``docs/findings.md`` from the register of findings, ``docs/command-line.md`` from the
commands themselves, and ``docs/methods.md`` from the catalogue of methods. In other pages what stands between
``<!-- generated: NAME -->`` and ``<!-- end -->`` is generated.
``check`` fails where a page is not what ``update`` would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from efimport.api import catalogue
from efimport.cli.main import COMMANDS, cli
from efimport.findings import codes, define
from efimport.formats.registry import BUILT_IN
from efimport.mappings import codes as mapped_codes
from efimport.payloads import ROUTES
from efimport.payloads.pohoda import SITE as POHODA_SITE

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTICE = "<!-- Written by tools/docs.py; change the program, then run it with update. -->"
INTRODUCTION = (
    "What efimport says about files and documents. An **error** means that the document is not sent, a **warning** "
    "that it is sent and somebody should look, **info** is said for completeness. The same texts are shown by "
    "`efimport explain CODE`. Codes are promises: none is renamed and none changes its meaning. Words in braces "
    "stand for what was found in the file."
)
SECTION = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


# The register of findings


def findings_page() -> str:
    """Every code with what it means, why it matters and what to do, by area."""
    areas: dict[str, list[str]] = {}
    for code in codes():
        areas.setdefault(code.partition(".")[0], []).append(code)
    index = [f"[{area}](#{area}) ({len(known)})" for area, known in areas.items()]
    lines = [
        "# Findings",
        "",
        NOTICE,
        "",
        INTRODUCTION,
        "",
        " · ".join(index),
    ]
    for area, known in areas.items():
        lines += ["", f"## {area}"]
        for code in known:
            lines += ["", *_finding(code)]
    return "\n".join(lines) + "\n"


def _finding(code: str) -> Iterator[str]:
    definition = define(code)
    yield f"### {code}"
    yield ""
    yield f"**{definition.severity.value}**: {_escaped(definition.title)}"
    yield ""
    yield f"> {_escaped(definition.message)}"
    for heading, text in (("Why it matters", definition.why), ("What to do", definition.hint)):
        if text:
            yield ""
            yield f"{heading}: {_escaped(text)}"


# The commands


def command_line_page() -> str:
    """Every command with its arguments and options."""
    context = click.Context(cli, info_name="efimport")
    lines = [
        "# The command line",
        "",
        NOTICE,
        "",
        *_paragraphs(cli.help or ""),
        "",
        "The options in this table may stand before or behind the command:",
        "",
        *_options(cli, context),
        "",
        "| command | does |",
        "|---|---|",
        *(f"| [`{name}`](#efimport-{name}) | {_cell(text)} |" for name, (_, text) in COMMANDS.items()),
    ]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    group = command if isinstance(command, click.Group) else None
    yield from ("", f"{'##' if context.parent and context.parent.parent is None else '###'} {context.command_path}", "")
    usage = [context.command_path, *(_argument(one) for one in command.params if isinstance(one, click.Argument))]
    if any(isinstance(one, click.Option) for one in command.params):
        usage.append("[OPTIONS]")
    yield from ("```", " ".join([*usage, *(["COMMAND"] if group else [])]), "```", "")
    yield from _paragraphs(command.help or "")
    options = list(_options(command, context))
    if options:
        yield from ("", *options)
    for name in group.list_commands(context) if group else ():
        inner = group.get_command(context, name) if group else None
        assert inner is not None
        yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _argument(argument: click.Argument) -> str:
    name = argument.metavar or (argument.name or "").upper()
    if argument.metavar is None:
        name += "..." if argument.nargs == -1 else ""
        name = name if argument.required else f"[{name}]"
    return name


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    options = [one for one in command.get_params(context) if isinstance(one, click.Option) and "--help" not in one.opts]
    if not options:
        return
    yield "| option | default | meaning |"
    yield "|---|---|---|"
    for option in options:
        names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
        value = _value(option)
        repeated = " May be repeated." if option.multiple and "repeated" not in (option.help or "") else ""
        yield f"| {names}{value} | {_default(option)} | {_cell(option.help or '')}{repeated} |"


def _value(option: click.Option) -> str:
    if option.is_flag or option.count:
        return ""
    if option.metavar:
        return f" {option.metavar}"
    kind = option.type
    if isinstance(kind, click.Choice):
        return " " + ", ".join(f"`{choice}`" for choice in kind.choices)
    if isinstance(kind, click.Tuple):
        return " " + " ".join("NUMBER" for _ in kind.types)
    if isinstance(kind, click.Path):
        return " DIR" if not kind.file_okay else " FILE"
    return " NUMBER" if isinstance(kind, click.IntRange) else " TEXT"


def _default(option: click.Option) -> str:
    default: Any = option.default
    if option.is_flag or option.count or option.multiple or not isinstance(default, str | int | float | tuple):
        return ""
    shown = " ".join(str(part) for part in default) if isinstance(default, tuple) else str(default)
    return f"`{shown}`" if shown else ""


def _paragraphs(text: str) -> list[str]:
    return [_escaped(" ".join(part.split())) + end for part, end in _with_gaps(text.strip().split("\n\n"))]


def _with_gaps(parts: list[str]) -> Iterator[tuple[str, str]]:
    for number, part in enumerate(parts, start=1):
        yield part, "\n" if number < len(parts) else ""


# The methods of the service


CLASSES = {
    "read": "asks",
    "safe-by-key": "changes; harmless to repeat",
    "checkable": "changes; a repeat can be recognized",
    "blind": "changes; not to be repeated unasked",
}


METHODS_INTRODUCTION = (
    "All {count} methods that the reference of the service documents. `efimport call METHOD --describe` shows one with "
    "its answer and the refusals that the reference names; [calling](library.md#any-method) tells how each is called. "
    "Parameters in **bold** are needed by every call, those in *italics* under a condition; where the reference lists "
    "what a parameter may say, `--describe` lists it too."
)


def methods_page() -> str:
    """Every method of the catalogue by chapter, with what it does and its parameters."""
    chapters: dict[str, list[catalogue.Method]] = {}
    for method in catalogue.methods().values():
        chapters.setdefault(method.chapter, []).append(method)
    lines = [
        "# The methods of the service",
        "",
        NOTICE,
        "",
        METHODS_INTRODUCTION.format(count=len(catalogue.methods())),
        "",
        " · ".join(f"[{name}](#{re.sub('[^a-z -]', '', name.lower()).replace(' ', '-')})" for name in chapters),
    ]
    for name, methods in chapters.items():
        lines += ["", f"## {name}", "", "| method | does | sites | class | parameters |", "|---|---|---|---|---|"]
        lines += [_method_row(method) for method in methods]
    return "\n".join(lines) + "\n"


def _method_row(method: catalogue.Method) -> str:
    marks = {"mandatory": "**", "conditional": "*", "optional": ""}
    parameters = ", ".join(f"{marks[rule.obligation]}{rule.name}{marks[rule.obligation]}" for rule in method.parameters)
    if method.one_of:
        parameters += f" (one of {', '.join(method.one_of)})"
    sites = "all" if method.sites == catalogue.SITES else ", ".join(method.sites)
    key = f" by {method.key}" if method.key else ""
    return f"| `{method.name}` | {_cell(method.purpose)} | {sites} | {CLASSES[method.repeat]}{key} | {parameters} |"


# Sections of the other pages


def routes_table() -> str:
    """What is sent with which call, from the routing table of the program."""
    lines = ["| document | from | call | sites |", "|---|---|---|---|"]
    for route in ROUTES:
        kinds = "<br>".join(kind.value for kind in route.kinds)
        if route.method is None:
            lines.append(f"| {kinds} | any format | none; reported as rejected, with the reason | |")
            continue
        source = f"`{route.format}`" if route.format else "any format"
        if route.received_as:
            source += f', `received_as = "{route.received_as}"`'
        sites = (POHODA_SITE,) if route.format == "pohoda" else catalogue.method(route.method).sites
        lines.append(f"| {kinds} | {source} | {route.method} | {', '.join(sites)} |")
    return "\n".join(lines)


def statement_types_table() -> str:
    """The forms of statements that the service takes."""
    lines = ["| format | type of BankStatementImport | sites |", "|---|---|---|"]
    for name, kind in mapped_codes("service")["statement_type"].items():
        lines.append(f"| `{name}` | {kind['type']} | {', '.join(kind['sites'])} |")
    return "\n".join(lines)


def formats_table() -> str:
    """The formats with a reader."""
    return "\n".join(["| name | format |", "|---|---|", *(f"| `{one.name}` | {one.title} |" for one in BUILT_IN)])


REPEATS = {
    "safe-by-key": "asked again with the very same bytes: “already exists” means that it had arrived, "
    "and what {lookup} shows is compared with what was sent",
    "checkable": "looked up in the list of the document inbox by its file name; sent again only if it is not there",
    "blind": "never sent again by the program: a person decides",
}
LOOKED_AT = "never sent again by the program: {lookup} shows whether it is there; in all other cases a person decides"


def repeats_table() -> str:
    """What is done about an unknown outcome, by call, from the catalogue of methods."""
    used = sorted({route.method for route in ROUTES if route.method}, key=_class_and_name)
    lines = ["| call | class | when nobody knows whether it arrived |", "|---|---|---|"]
    for name in used:
        method = catalogue.method(name)
        done = LOOKED_AT if method.repeat == "blind" and method.lookup else REPEATS[method.repeat]
        lines.append(f"| {name} | {method.repeat} | {done.format(lookup=method.lookup)} |")
    return "\n".join(lines)


def _class_and_name(name: str) -> tuple[int, str]:
    return list(REPEATS).index(catalogue.method(name).repeat), name


CHANGES = (
    *("pohoda.split", "pohoda.list-converted", "pohoda.transcoded", "pohoda.mark-removed"),
    *("pohoda.declaration-corrected", "camt.split", "camt.mark-removed", "camt.encoding", "xml.leading-space"),
    *("gpc.padded", "gpc.line-ends", "gpc.utf8", "gpc.extended-cut"),
    *("mt940.pages-joined", "mt940.head-repeated", "mt940.line-ends", "mt940.saved-as"),
    *(
        "paypal.split-by-currency",
        "paypal.rows-above",
        "paypal.rows-left-out",
        "paypal.dates-rewritten",
        "paypal.encoding",
    ),
    *("paypal.delimiter", "paypal.line-ends", "paypal.from-workbook"),
    *("payload.converted", "payload.converted-statement"),
)
"""Codes of what readers and payloads change on the way to the service."""


def changes_table() -> str:
    """What is changed on the way, in the words of the register."""
    rows = (f"| [`{code}`](findings.md#{code.replace('.', '')}) | {_cell(define(code).message)} |" for code in CHANGES)
    return "\n".join(["| code | what is changed |", "|---|---|", *rows])


SECTIONS: dict[str, Callable[[], str]] = {
    "routes": routes_table,
    "statement-types": statement_types_table,
    "formats": formats_table,
    "repeats": repeats_table,
    "changes": changes_table,
}
PAGES: dict[str, Callable[[], str]] = {
    "findings.md": findings_page,
    "command-line.md": command_line_page,
    "methods.md": methods_page,
}


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*")


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("|", "\\|")


def _filled(page: str) -> str:
    return SECTION.sub(lambda found: f"{found[1]}\n{SECTIONS[found[2]]()}\n\n{found[3]}", page)


def wanted(folder: Path = DOCS) -> dict[Path, str]:
    """Every page that is generated in whole or in part, as it should be."""
    pages = {folder / name: write() for name, write in PAGES.items()}
    for path in sorted(folder.glob("*.md")):
        if path not in pages:
            text = path.read_text(encoding="utf-8")
            if SECTION.search(text):
                pages[path] = _filled(text)
    return pages


def stale(folder: Path = DOCS) -> list[Path]:
    """Pages that are not what they should be."""
    return [
        path for path, text in wanted(folder).items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Run ``update`` or ``check``; the exit status is 1 where ``check`` finds a stale page."""
    if arguments not in (["update"], ["check"]):
        print(__doc__)
        return 2
    if arguments == ["update"]:
        for path, text in wanted().items():
            path.write_text(text, encoding="utf-8")
        return 0
    found = stale()
    for path in found:
        print(f"{path.relative_to(ROOT)}: not what the program says; run: python tools/docs.py update")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
