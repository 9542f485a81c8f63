"""Where a dropped file can lie: the folders that are its states."""

from __future__ import annotations

from enum import StrEnum


class Place(StrEnum):
    """A folder of an organization; its name on the disk depends on the language."""

    INBOX = "inbox"
    """Files are dropped here; what waits for the service stays here."""
    REVIEW = "review"
    """Read and found good enough to be sent; waits for a person."""
    APPROVE = "approve"
    """A person moves files here to have them sent."""
    SENT = "sent"
    REJECTED = "rejected"
    """Not sent, or not all of it: its page says why and what to do."""
    DUPLICATES = "duplicates"
    """Everything in it had been sent before."""
    UNKNOWN = "unknown"
    """It may have arrived; a person must look in the service."""


BY_MONTH = (Place.SENT, Place.REJECTED, Place.DUPLICATES)
"""Folders in which files stay for good, so that they are put in a folder a month."""
