"""A crash, a full disk, a file in the way: the old file or none, never half of one."""

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from hitl_notebook.errors import ExportExists, FileProblem
from hitl_notebook.exchange import read_frame, write_frame
from hitl_notebook.exchange.whole_file import write_whole

FORMATS = ("csv", "jsonl", "parquet")
OLD = pd.DataFrame({"item_id": ["old"]})
NEW = pd.DataFrame({"item_id": [f"new {number}" for number in range(1000)]})

# The last moment before the file would be in place is the audit event of the call that puts it there.
KILLED_AT = """
import os, signal, sys
import pandas as pd
from hitl_notebook.exchange import write_frame

frame = pd.DataFrame({"item_id": [f"new {number}" for number in range(1000)]})
warm = sys.argv[1] + ".warm." + sys.argv[3]
write_frame(frame, warm)
def die(event, arguments):
    if event == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
write_frame(frame, sys.argv[1], overwrite=sys.argv[2] == "os.rename")
"""

FULL_DISK = """
import resource, sys
import pandas as pd
from hitl_notebook.errors import FileProblem
from hitl_notebook.exchange import write_frame

frame = pd.DataFrame({"item_id": [f"new {number} {number * 7919}" for number in range(100_000)]})
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_frame(frame, sys.argv[1], overwrite=True)
except FileProblem as error:
    print(error)
else:
    sys.exit("the file was written")
"""


def run(program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("ending", FORMATS)
def test_killed_before_the_new_file_is_in_place_the_old_one_is_whole(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    write_frame(OLD, path)
    killed = run(KILLED_AT, path, "os.rename", ending)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    pd.testing.assert_frame_equal(read_frame(path), OLD)


def test_killed_before_a_first_file_is_in_place_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    killed = run(KILLED_AT, path, "os.link", "csv")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not path.exists()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    write_frame(OLD, path)
    full = run(FULL_DISK, path)
    assert full.returncode == 0, full.stderr
    assert "what was there before is as it was" in full.stdout
    assert list(tmp_path.iterdir()) == [path]
    pd.testing.assert_frame_equal(read_frame(path), OLD)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_in_the_way_stays_unless_it_is_to_be_replaced(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    write_frame(OLD, path)
    with pytest.raises(ExportExists, match="overwrite=True"):
        write_frame(NEW, path)
    pd.testing.assert_frame_equal(read_frame(path), OLD)
    write_frame(NEW, path, overwrite=True)
    pd.testing.assert_frame_equal(read_frame(path), NEW)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_comes_while_ours_is_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def chunks():
        yield b"ours"
        path.write_bytes(b"theirs")

    with pytest.raises(ExportExists):
        write_whole(path, chunks(), overwrite=False)
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_that_leads_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ExportExists):
        write_frame(NEW, path)


def test_an_error_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    def chunks():
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(tmp_path / "out.csv", chunks(), overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_a_replaced_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_frame(OLD, path)
    path.chmod(0o600)
    write_frame(NEW, path, overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_directory_and_a_directory_as_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="No such file or directory"):
        write_frame(NEW, tmp_path / "nowhere" / "out.csv")
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(FileProblem, match="is a directory"):
        write_frame(NEW, tmp_path / "out.csv", overwrite=True)


def test_the_checksum_is_the_file_s(tmp_path: Path) -> None:
    for ending in FORMATS:
        written = write_frame(NEW, tmp_path / f"out.{ending}")
        assert written.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
        assert (written.format, written.rows) == (ending, 1000)
