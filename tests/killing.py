"""A process killed in the middle of its work."""

import subprocess
import threading
import time


def killed(process: subprocess.Popen[str], after: float, since: str | None = None) -> list[str]:
    """The lines that a process printed whole before SIGKILL, ``after`` so many seconds from its first one, or ``since``
    the line of this text."""
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [process.stdout.readline()]  # it has begun
    while since is not None and lines[-1] and lines[-1].strip() != since:
        lines.append(process.stdout.readline())
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()
    time.sleep(after)
    process.kill()
    process.wait()
    reader.join()
    errors = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert not errors
    return [line.strip() for line in lines if line.endswith("\n")]
