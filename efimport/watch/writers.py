"""Whether a program still writes to a file, as far as the system tells."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from efimport.journal.network import network_file_system


def being_written(path: Path, *, network: bool | None = None) -> bool | None:
    """Whether somebody has the file open for writing; None where it cannot be told.

    Linux: a lease for reading is granted only while nobody has the file open for writing, nor mapped into memory for
    that (fcntl(2), F_SETLEASE). It is given back at once. It is granted to the owner of the file and to root, and knows
    of the programs of this machine alone: on a file system of another machine nothing is told.

    Windows: the file is opened without sharing, which fails while another program has it open (CreateFileW, sharing
    mode 0). This way is written after the documentation and untested.

    Args:
        path: the file. What is no file, or cannot be opened, cannot be told.
        network: whether it lies on another machine; None to find out.
    """
    return _ask(path, network)


if sys.platform == "linux":
    import fcntl
    import signal

    def _ask(path: Path, network: bool | None) -> bool | None:
        if network:
            return None
        try:
            handle = _open(path)
        except OSError as error:
            # Another program has a lease for writing on it, and we do not wait until it gives it back.
            return True if error.errno == errno.EWOULDBLOCK else None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or (network is None and _is_remote(path, status.st_dev)):
                return None
            # A writer who opens the file while we hold the lease makes the kernel send a signal. The usual one would
            # end the program; this one is ignored by a program that does not ask for it.
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None
        else:
            return False
        finally:
            os.close(handle)

    def _is_remote(path: Path, device: int) -> bool:
        # What lies on a device is here; file systems without one have the number 0, some local ones too.
        return os.major(device) == 0 and network_file_system(path) is not None

    def _open(path: Path) -> int:
        """Open for reading without waiting and, where the system lets us, without a new time of access."""
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NOCTTY
        try:
            return os.open(path, flags | os.O_NOATIME)
        except PermissionError:
            # Only the owner may ask for that.
            return os.open(path, flags)

elif sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _GENERIC_READ = 0x80000000
    _OPEN_EXISTING = 3
    _SHARING_VIOLATION = 32
    _LOCK_VIOLATION = 33

    def _ask(path: Path, network: bool | None) -> bool | None:
        if network:
            return None
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        create = kernel.CreateFileW
        create.argtypes = (
            wintypes.LPCWSTR,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.LPVOID,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.HANDLE,
        )
        create.restype = wintypes.HANDLE
        handle = create(str(path), _GENERIC_READ, 0, None, _OPEN_EXISTING, 0, None)
        if handle == wintypes.HANDLE(-1).value:
            return True if ctypes.get_last_error() in (_SHARING_VIOLATION, _LOCK_VIOLATION) else None
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        kernel.CloseHandle(handle)
        return False

else:

    def _ask(path: Path, network: bool | None) -> bool | None:  # noqa: ARG001 - nothing is known of this system
        return None
