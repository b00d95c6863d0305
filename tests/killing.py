"""A process killed in the middle of its work."""

import subprocess
import threading
import time


def killed(process: subprocess.Popen[str], after: float) -> list[str]:
    """The lines that a process printed whole before SIGKILL, ``after`` so many seconds from its first one."""
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [process.stdout.readline()]  # it has begun
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
