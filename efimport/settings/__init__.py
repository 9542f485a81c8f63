"""efimport.toml: organizations, their accounts, users and endpoints, the journal, the pace of sending."""

from efimport.settings.endpoints import is_loopback, is_usable_endpoint, passwords_in, without_user
from efimport.settings.model import (
    DEFAULT_ENDPOINTS,
    IMPORT_TYPES,
    SITES,
    ApiUser,
    InboxChoices,
    Organization,
    ReceivedBooking,
    Sending,
    Settings,
    Watching,
)
from efimport.settings.reading import FILE_NAME, SQLITE, find_settings, load_settings

__all__ = [
    "DEFAULT_ENDPOINTS",
    "FILE_NAME",
    "IMPORT_TYPES",
    "SITES",
    "SQLITE",
    "ApiUser",
    "InboxChoices",
    "Organization",
    "ReceivedBooking",
    "Sending",
    "Settings",
    "Watching",
    "find_settings",
    "is_loopback",
    "is_usable_endpoint",
    "load_settings",
    "passwords_in",
    "without_user",
]
