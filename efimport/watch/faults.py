"""What a fault of the disk or the share means to a person."""

from __future__ import annotations

import errno

from efimport.errors import EfimportError
from efimport.messages import Message, message

_AWAY = frozenset(
    getattr(errno, name)
    for name in ("ESTALE", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENODEV", "ENXIO",
                 "ETIMEDOUT", "ECONNABORTED", "ECONNRESET", "EREMOTEIO", "ENOLINK", "ESHUTDOWN")
    if hasattr(errno, name)
)  # fmt: skip
"""What a network file system answers when its server does not."""
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})


class MoveError(EfimportError):
    """A file could not be moved; nothing is lost, and the same move can be tried again."""


class AwayError(MoveError):
    """The watched folder went away; nothing may be written where it was."""


class TakenError(EfimportError):
    """The name at the target belongs to something else; another name must be chosen."""


def what_failed(error: OSError) -> Message:
    """The fault in plain words; the words of the system for one that has none."""
    if error.errno in _FULL:
        return message("there is no room left")
    if error.errno in _FORBIDDEN:
        return message("efimport has no right to do that, or another program has the file open")
    if error.errno == errno.EROFS:
        return message("the disk is read-only")
    if error.errno in _AWAY:
        return message("the share does not answer")
    if error.errno == errno.EIO:
        return message("the disk or the share has a fault")
    if error.errno == errno.ENOENT:
        return message("it is not there")
    if error.errno == errno.ENAMETOOLONG:
        return message("its name is too long there")
    return Message(_plain(error.strerror or type(error).__name__))


def what_helps(error: OSError) -> Message:
    """What a person can do about the fault."""
    if error.errno in _FULL:
        return message("Make room there; nothing is lost, and efimport tries again.")
    if error.errno in _FORBIDDEN or error.errno == errno.EROFS:
        return message("Close the file in other programs and allow efimport to write there; nothing is lost, and "
                       "efimport tries again.")  # fmt: skip
    if error.errno == errno.ENAMETOOLONG:
        return message("Give the file a shorter name; nothing is lost.")
    return message("Look whether the folder can be opened; nothing is lost, and efimport tries again.")


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
