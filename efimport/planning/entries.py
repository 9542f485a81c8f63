"""Files of one name that the document inbox takes as one entry: a scan and its text, an e-invoice and its picture.

The inbox takes "multiple files each of its own type" in one entry (web service reference, DocumentInboxAddEntry). Files
belong together where they lie in one folder and their names differ in the ending alone; every weaker sign (numbered
pages, names that are alike) could put two invoices into one entry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from efimport.documents import Attachment, Kind, OtherDocument
from efimport.payloads.target import Target
from efimport.planning.drafts import Draft
from efimport.planning.names import file_name


def join_entries(drafts: Sequence[Draft], target: Target) -> None:
    """Put such files into one entry: the first gets the others as its attachments, and each says so.

    A copy of one of them elsewhere is not sent again. Where one file would belong to two entries, nothing is put
    together.

    Args:
        drafts: all sources, in their order.
        target: whose plan it is; the settings may want every file by itself.
    """
    if not target.inbox.group_files:
        return
    free = [draft for draft in drafts if _goes_by_itself(draft)]
    joined: dict[str | None, Draft] = {}
    groups = _groups(draft for draft in free if not draft.told)
    for group in groups:
        lead = group[0]
        _join(lead, group[1:])
        joined |= dict.fromkeys((draft.sha256 for draft in group), lead)
    together = {id(draft) for group in groups for draft in group}
    for draft in free:
        lead_of_copy = joined.get(draft.sha256)
        if lead_of_copy is not None and id(draft) not in together:
            draft.go_along(lead_of_copy, "routing.already-sent", other=lead_of_copy.path)


def _goes_by_itself(draft: Draft) -> bool:
    """Whether the file is one document, for the inbox as it is, with nothing against it."""
    if len(draft.documents) != 1 or draft.paired_with is not None:
        return False
    document = draft.documents[0]
    if not isinstance(document, OtherDocument) or document.kind is not Kind.FILE or not document.origin.content:
        return False
    return not any(one.is_error for one in (*draft.findings, *document.findings))


def _groups(drafts: Iterable[Draft]) -> list[list[Draft]]:
    """Files of one folder and stem with different endings, the leading one first; each content in one group only."""
    by_name: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        name = file_name(draft.path)
        by_name[name.folder, name.stem].append(draft)
    groups = [
        sorted(group, key=_rank)
        for group in by_name.values()
        if len(group) > 1
        and len({file_name(one.path).suffix for one in group}) == len({one.sha256 for one in group}) == len(group)
    ]
    contents = {frozenset(one.sha256 for one in group) for group in groups}
    used = Counter(digest for content in contents for digest in content)
    return [group for group in groups if all(used[one.sha256] == 1 for one in group)]


def _rank(draft: Draft) -> tuple[bool, bool, str]:
    """What leads an entry: the e-invoice, which says number and date; else the PDF; else the first ending."""
    document = draft.documents[0]
    return document.date is None, draft.format != "pdf", file_name(draft.path).suffix


def _join(lead: Draft, others: list[Draft]) -> None:
    document = lead.documents[0]
    assert isinstance(document, OtherDocument)
    files = list(document.attachments)
    for draft in others:
        other = draft.documents[0]
        assert isinstance(other, OtherDocument)
        files += [Attachment(name=other.file_name or draft.path, content=other.origin.content), *other.attachments]
        draft.go_along(lead, "routing.one-entry", files=_named([lead, *others]))
    lead.documents[0] = msgspec.structs.replace(document, attachments=tuple(files))
    lead.tell("routing.one-entry", files=_named([lead, *others]))


def _named(drafts: list[Draft]) -> str:
    return ", ".join(draft.path for draft in drafts)
