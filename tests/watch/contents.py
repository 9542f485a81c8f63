"""Small whole files of each format, of invented firms and accounts."""

from __future__ import annotations

import io
import struct
import zipfile

ACCOUNT = b"0000192000145399"


def xml(items=3, encoding="utf-8"):
    """A data pack with an element of the root's name inside of it, and the closing tag where it does not count."""
    inner = "".join(
        f'<dat:item id="{number}"><text a="/>">Práce č. {number}</text></dat:item>' for number in range(items)
    )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- </dat:pack> -->\n'
        f'<dat:pack xmlns:dat="urn:x" note=">"><![CDATA[</dat:pack>]]><dat:pack/>'
        f"<dat:pack>{inner}</dat:pack>\n</dat:pack>\n"
    ).encode(encoding)


def gpc(amounts=((12000, 2), (4550, 1), (99900, 2), (100, 1)), *, turnovers=True):
    """A statement of items of a posting code each, amounts in hundredths."""
    debit = sum(amount for amount, code in amounts if code == 1)
    credit = sum(amount for amount, code in amounts if code == 2)
    told = b"%014d0%014d0" % (debit, credit) if turnovers else b" " * 30
    opening, closing = 500000, 500000 + credit - debit
    header = b"074" + ACCOUNT + b"Vzorova firma".ljust(20) + b"010126" + b"%014d+%014d+" % (opening, closing)
    lines = [(header + told + b"001310126").ljust(128)]
    for number, (amount, code) in enumerate(amounts):
        item = b"075" + ACCOUNT + b"0" * 16 + b"%013d%012d%d" % (number, amount, code) + b"%010d" % (2026000 + number)
        lines.append(
            (item + b"000100" + b"0308" + b"0" * 10 + b"150126" + b"Odberatel".ljust(20) + b"00203").ljust(122)
            + b"150126"
        )
    return b"".join(line + b"\r\n" for line in lines)


def mt940(entries=4, *, blocks=True, trailer=True):
    """A statement, in SWIFT blocks or in bare lines."""
    lines = [":20:VYPIS", ":25:0800/192000145399", ":28C:1/1", ":60F:C260101CZK1000,00"]
    for number in range(entries):
        lines += [f":61:2601{number + 10:02}C10,00NTRFNONREF", f":86:platba {number}", "-ID: pokracovani"]
    lines.append(f":62F:C260131CZK{1000 + 10 * entries},00")
    text = "\r\n".join(lines) + "\r\n"
    if blocks:
        head = "{1:F01VZORCZPPAXXX0000000000}{2:I940VZORCZPPAXXXN}{4:\r\n"
        return (head + text + ("-}\r\n" if trailer else "")).encode()
    return (text + ("-\r\n" if trailer else "")).encode()


def archive(entries=3, *, compression=zipfile.ZIP_DEFLATED):
    """An archive that holds another one uncompressed, so that the inner end is seen from outside."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as inside:
        inside.writestr("uvnitř.txt", "obsah")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as outside:
        outside.writestr(zipfile.ZipInfo("vnitřní.zip"), inner.getvalue())
        for number in range(entries):
            outside.writestr(f"xl/list{number}.xml", xml(number))
    return stream.getvalue()


def pdf(pages=3):
    """Enough of a PDF for its end."""
    body = b"".join(b"%d 0 obj\n<< /Type /Page >>\nendobj\n" % number for number in range(pages))
    return b"%PDF-1.7\n" + body + b"xref\n0 1\ntrailer << >>\nstartxref\n" + b"%d\n%%%%EOF\n" % (9 + len(body))


def csv(rows=5):
    """A table of a bank."""
    return "Datum;Částka;Zpráva\r\n".encode() + b"".join(
        b"%d.1.2026;100,00;platba\r\n" % row for row in range(1, rows + 1)
    )


def compound(sectors=5):
    """A compound file of one table of sectors, all in use."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x4L4x", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    header = header[:48] + struct.pack("<L", 1) + header[52:]
    header = header[:76].ljust(76, b"\0") + struct.pack("<L", 0) + b"\xff" * (4 * 108)
    table = struct.pack(f"<{sectors}L", *[0xFFFFFFFD] + [0xFFFFFFFE] * (sectors - 1)).ljust(512, b"\xff")
    return header + table + b"data".ljust(512, b"\1") * (sectors - 1)


def tiff(order="<"):
    """One image of one strip, its directory in front of it."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    tags = [(273, 4, 1, 38), (279, 4, 1, 40)]
    directory = struct.pack(f"{order}H", len(tags)) + b"".join(struct.pack(f"{order}HHLL", *tag) for tag in tags)
    return mark + struct.pack(f"{order}L", 8) + directory + bytes(4) + b"s" * 40
