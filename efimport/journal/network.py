"""File systems that lie on another machine: their locks cannot be relied on."""

from __future__ import annotations

from pathlib import Path

NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre"),
        *("davfs", "vboxsf", "prl_fs", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs", "fuse.smbnetfs"),
    }
)
MOUNTS = Path("/proc/mounts")


def network_file_system(path: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Kind of the network file system that a path lies on; None for a local one, or where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    target = path.absolute().resolve()
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # The kernel writes blanks and the like as octal numbers.
        folder = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if (folder == target or folder in target.parents) and len(folder.parts) >= best:
            best, kind = len(folder.parts), fields[2]
    return kind if kind in NETWORK_FILE_SYSTEMS else None
