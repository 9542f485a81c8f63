"""Documents made to measure for the acceptance tests."""

from __future__ import annotations

from tests.acceptance.wrong import ISSUED

OURS = "0000000210468007"
OTHER_ACCOUNT = "0000002400219000"


def numbered(number: int, firm: str = "") -> bytes:
    """A POHODA pack with one issued invoice over 121.00."""
    text = ISSUED.replace("@@", firm or f"Firma {number} s.r.o.")
    return text.replace("<typ:numberRequested>1<", f"<typ:numberRequested>26{number:05d}<").encode()


def pack(*numbers: int, encoding: str = "UTF-8", firm: str = "Firma s.r.o.") -> bytes:
    """A POHODA pack with several issued invoices."""
    text = numbered(0, firm).decode()
    start, end = text.index("<dat:dataPackItem"), text.index("</dat:dataPack>")
    items = "".join(
        text[start:end].replace('id="1"', f'id="{number}"').replace(">2600000<", f">26{number:05d}<")
        for number in numbers
    )
    whole = text[:start] + items + text[end:]
    return whole.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)


def statement(
    *amounts: int, account: str = OURS, number: int = 1, month: str = "0126", texts: tuple[str, ...] = ()
) -> bytes:
    """An ABO statement of one month that closes; amounts in hundredths, all of them credits."""
    total = sum(amounts)
    head = (
        f"074{account}{'Firma':20}01{month}{0:014d}+{total:014d}+{0:014d}0{total:014d}0{number:03d}28{month}{'':14}\r\n"
    )
    names = [*texts, *["Vklad"] * len(amounts)]
    items = "".join(
        f"075{account}0000002400219000{position:013d}{amount:012d}2{7:010d}00{2010:04d}{0:04d}{0:010d}15{month}"
        f"{names[position - 1]:20}0020315{month}\r\n"
        for position, amount in enumerate(amounts, start=1)
    )
    return (head + items).encode("cp1250")
