"""A template as a workbook: a sheet to fill in, and a sheet that tells what goes where.

The cells are ready for what is to be written into them: what identifies something is formatted as text, so that the
zero of ``0308`` stays; days and numbers are checked while they are typed; where there are only so many words, they can
be chosen from a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from efimport.formats.tables.workbook import HELP_SHEET, LISTS_SHEET
from efimport.mappings.targets import FieldType, TargetName
from efimport.messages import Catalogue, Message, message
from efimport.templates.columns import HOLDS, TemplateColumn, sheet_name, template_columns

_LAST_ROW = 1_048_576
_TEXT = "@"
_DAYS = {"en": "yyyy-mm-dd"}
_DAY = "dd.mm.yyyy"
_FORMATS: dict[FieldType, str] = {"integer": "0", "amount": "General", "percent": "General", "day": _DAY}
_ERROR_LETTERS, _TITLE_LETTERS = 255, 32
"""Excel shows no more of the two texts of a message."""

_NEEDED, _OF_DOCUMENT, _OF_LINE = (
    PatternFill("solid", start_color=color, end_color=color) for color in ("1F4E79", "DDEBF7", "E2EFDA")
)
_EDGE = Border(bottom=Side("thin", color="808080"))


def write_workbook(
    target: TargetName, stream: IO[bytes], *, language: str = "en", catalogue: Catalogue | None = None, site: str = "CZ"
) -> None:
    """Write the template of a target.

    Args:
        target: what will stand in the rows.
        stream: a binary stream.
        language: language of the headings.
        catalogue: texts of the language in which the template explains itself; English when left out.
        site: whose VAT rates and currency come first in the lists.
    """
    columns = template_columns(target, language=language, site=site)
    _Template(target, columns, catalogue or Catalogue(), language).book.save(stream)


class _Template:
    """The workbook while it is being made."""

    def __init__(
        self, target: TargetName, columns: Sequence[TemplateColumn], catalogue: Catalogue, language: str
    ) -> None:
        self.columns = columns
        self.catalogue = catalogue
        self.book = Workbook()
        self._day = _DAYS.get(language, _DAY)
        self._sheet: Any = self.book.active
        self._sheet.title = sheet_name(target, language)
        self._help: Any = self.book.create_sheet(HELP_SHEET)
        self._lists: Any = self.book.create_sheet(LISTS_SHEET)
        self._lists.sheet_state = "hidden"
        for index, column in enumerate(columns, start=1):
            self._prepare(index, column)
        self._sheet.row_dimensions[1].height = 32
        self._sheet.freeze_panes = "B2"
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
        self._write_help(target)

    def _prepare(self, index: int, column: TemplateColumn) -> None:
        letter = get_column_letter(index)
        dimension = self._sheet.column_dimensions[letter]
        dimension.width = max(12, min(len(column.heading) + 4, 32))
        kind = column.field.type
        dimension.number_format = self._day if kind == "day" else _FORMATS.get(kind, _TEXT)
        head = self._sheet.cell(row=1, column=index, value=column.heading)
        needed = column.field.required
        head.font = Font(bold=needed, color="FFFFFF" if needed else "000000")
        head.fill = _NEEDED if needed else _OF_LINE if column.of_line else _OF_DOCUMENT
        head.alignment = Alignment(vertical="center", wrap_text=True)
        head.border = _EDGE
        head.comment = Comment(self._told(column), "efimport", height=110, width=300)
        rule = self._rule(index, column)
        if rule is not None:
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")
            self._sheet.add_data_validation(rule)

    def _told(self, column: TemplateColumn) -> str:
        """What the comment of a heading says."""
        lines = [column.field.help, HOLDS[column.field.type]]
        if column.field.required:
            lines.append(message("This column must be filled."))
        return "\n".join(self._text(line) for line in lines)

    def _text(self, text: str) -> str:
        return self.catalogue.text(text if isinstance(text, Message) else Message(text))

    def _rule(self, index: int, column: TemplateColumn) -> DataValidation | None:
        """What may be typed into the cells of a column; None where anything may."""
        if column.allowed:
            return self._list(index, column)
        least, most = column.field.least, column.field.most
        match column.field.type:
            case "day":
                return self._checked("date", 36526, 73050, message("Write a day, such as 31.1.2026."))
            case "integer":
                low, high = least or 0, most if most is not None else 9999
                wanted = message("Write a whole number from {least} to {most}.", least=low, most=high)
                return self._checked("whole", low, high, wanted)
            case "percent":
                low, high = least or 0, most if most is not None else 100
                wanted = message("Write a number from {least} to {most}, without the sign %.", least=low, most=high)
                return self._checked("decimal", low, high, wanted)
            case "amount":
                low = least if least is not None else -(10**12)
                high = most if most is not None else 10**12
                wanted = message("Write a number, without letters and without a currency.")
                return self._checked("decimal", low, high, wanted)
        return None

    def _checked(self, kind: str, least: int, most: int, wanted: Message) -> DataValidation:
        rule = DataValidation(type=kind, operator="between", formula1=str(least), formula2=str(most), allow_blank=True)
        return self._explained(rule, message("This cannot stand here"), wanted, stop=True)

    def _list(self, index: int, column: TemplateColumn) -> DataValidation:
        """A list to choose from; it stands on a sheet of its own, because a list in the rule is cut at 255 letters."""
        letter = get_column_letter(index)
        for row, one in enumerate(column.allowed, start=1):
            cell = self._lists.cell(row=row, column=index)
            if column.field.type == "percent":
                cell.value = float(one)  # a number, so that what is chosen is one; no amount is worked out with it
            else:
                cell.number_format, cell.value, cell.data_type = _TEXT, one, "s"
        rule = DataValidation(
            type="list", formula1=f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(column.allowed)}", allow_blank=True
        )
        names = ", ".join(column.allowed)
        if column.others:
            wanted = message("The usual ones are: {names}. Is it right all the same?", names=names)
            return self._explained(rule, message("Not in the list"), wanted, stop=False)
        wanted = message("Write one of: {names}.", names=names)
        return self._explained(rule, message("This cannot stand here"), wanted, stop=True)

    def _explained(self, rule: DataValidation, title: Message, wanted: Message, *, stop: bool) -> DataValidation:
        rule.errorStyle = "stop" if stop else "warning"
        rule.errorTitle = self._text(title)[:_TITLE_LETTERS]
        rule.error = self._text(wanted)[:_ERROR_LETTERS]
        rule.showErrorMessage = True
        return rule

    def _write_help(self, target: TargetName) -> None:
        sheet = self._help
        for line in _introduction(target):
            sheet.append([self._text(line)])
        sheet.append([])
        heads = (
            message("Column"),
            message("Must be filled"),
            message("What to write"),
            message("What the cell holds"),
            message("What can be chosen"),
        )
        sheet.append([self._text(head) for head in heads])
        top = sheet.max_row
        for cell in sheet[top]:
            cell.font, cell.fill, cell.border = Font(bold=True), _OF_DOCUMENT, _EDGE
        for column in self.columns:
            needed = self._text(message("yes")) if column.field.required else None
            told = (column.field.help, HOLDS[column.field.type])
            chosen = ", ".join(column.allowed) + (" ..." if column.others else "")
            sheet.append([column.heading, needed, *map(self._text, told), chosen or None])
        for letter, width in zip("ABCDE", (34, 16, 70, 46, 60), strict=True):
            sheet.column_dimensions[letter].width = width
        for row in sheet.iter_rows(min_row=top + 1):
            for cell in row:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.freeze_panes = f"A{top + 1}"


def _introduction(target: TargetName) -> tuple[Message, ...]:
    """What stands above the table of the sheet Help."""
    lines = (
        message("Fill in the first sheet and give the file to: efimport check FILE, then efimport import FILE."),
        message(
            "Columns with a dark heading must be filled. Others may stay empty or be deleted; their order is yours."
        ),
        message("The headings must stay as they are, because the columns are known by them. This sheet is not read."),
    )
    if target in ("invoices", "orders"):
        further = message(
            "Each row is one line of a document. Rows of one number are one document; what is said of the document as "
            "a whole is taken from its first row and need not be repeated."
        )
        return (*lines, further)
    return lines
