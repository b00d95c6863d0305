"""What kind of file system a file lies on: SQLite's locks and syncs are only as good as the file system's."""

import re
from pathlib import Path

__all__ = ["file_system", "is_network"]

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|davfs\w*|ncpfs|fuse(\..+)?|virtiofs|vboxsf|drvfs"
)
_MOUNTS = Path("/proc/self/mounts")


def file_system(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """The type of the file system under ``path``, such as ``ext4``; None where the machine does not say (not Linux).

    Examples
    --------
    >>> file_system(Path("/nowhere"), mounts=Path("/no/such/table")) is None
    True
    """
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    found, kind = Path(), None
    resolved = path.resolve()
    for line in table.splitlines():
        _, point, name, *_ = line.split(" ")
        # The kernel writes blanks in paths as octal escapes.
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point))
        # Of two mounts on one point the later hides the earlier.
        if resolved.is_relative_to(mounted) and len(mounted.parts) >= len(found.parts):
            found, kind = mounted, name
    return kind


def is_network(kind: str | None) -> bool:
    """Whether files on such a file system are shared between machines, or pass through a program on the way.

    Examples
    --------
    >>> is_network("nfs4"), is_network("fuse.sshfs"), is_network("ext4"), is_network(None)
    (True, True, False, False)
    """
    return kind is not None and _NETWORK.fullmatch(kind) is not None
