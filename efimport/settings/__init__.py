"""efimport.toml: organizations, their accounts, users and endpoints, the journal, the pace of sending."""

from efimport.settings.model import (
    DEFAULT_ENDPOINTS,
    IMPORT_TYPES,
    LOOPBACK,
    SITES,
    ApiUser,
    InboxChoices,
    Organization,
    ReceivedBooking,
    Sending,
    Settings,
)
from efimport.settings.reading import FILE_NAME, SQLITE, find_settings, load_settings

__all__ = [
    "DEFAULT_ENDPOINTS",
    "FILE_NAME",
    "IMPORT_TYPES",
    "LOOPBACK",
    "SITES",
    "SQLITE",
    "ApiUser",
    "InboxChoices",
    "Organization",
    "ReceivedBooking",
    "Sending",
    "Settings",
    "find_settings",
    "load_settings",
]
