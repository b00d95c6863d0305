import os
import shutil
import subprocess
from uuid import uuid4

import pytest
import sqlalchemy as sa

from hitl_notebook.store import Store
from tests.machine import lacks
from tests.store.postgres_server import administrator, binaries, server


@pytest.fixture(scope="session")
def postgres_binaries():
    bindir = binaries()
    if bindir is None or os.name != "posix":
        lacks("no PostgreSQL binaries found: install them, or name their directory in PG_BINDIR")
    return bindir


@pytest.fixture(scope="session")
def postgres(postgres_binaries):
    with server(postgres_binaries) as running:
        yield sa.make_url(running.url)


@pytest.fixture
def database(postgres):
    """The URL of a fresh PostgreSQL database."""
    return new_database(postgres)


@pytest.fixture
def own_server(postgres_binaries):
    """A server that a test can stop and start."""
    with server(postgres_binaries) as running:
        yield running


def new_database(url):
    name = f"t{uuid4().hex}"
    with administrator(url) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path):
    """Where a store can be kept: a path, then the URL of a real PostgreSQL."""
    return str(tmp_path / "reviews.db") if request.param == "sqlite" else request.getfixturevalue("database")


@pytest.fixture
def store(target):
    with Store.open(target) as store:
        yield store


@pytest.fixture(scope="session")
def strace():
    """The path of a tracer that may trace."""
    found = shutil.which("strace")
    if found is None or subprocess.run([found, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        lacks("the syncs were NOT checked: no strace is installed, or it is not allowed to trace here")
    return found


@pytest.fixture
def file(tmp_path):
    """The path of a store in a SQLite file that is not there yet."""
    return tmp_path / "reviews.db"
