"""A real PostgreSQL for the tests of databases."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: its folder of sockets and its port on the loopback interface."""

    sockets: Path
    port: int


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        message = "PostgreSQL is not installed (Debian's package postgresql)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found[-1].parent


def _as_user(folder: Path) -> list[str]:
    """Return the words that run a command as a user whom PostgreSQL accepts: not as root."""
    if os.geteuid() != 0:
        return []
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, name)
    entry = pwd.getpwnam(name)
    identity = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return ["setpriv", *identity]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a PostgreSQL in a folder of its own, and stop it at the end."""
    binaries = _binaries()
    # Not in pytest's folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="upswell-postgres-"))
    user = _as_user(folder)
    server = Server(folder, _free_port())

    def run(program: str, *words: str) -> None:
        command = [*user, str(binaries / program), *words]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=60, cwd=folder
        )
        if done.returncode:
            log = folder / "log"
            pytest.fail(done.stderr + (log.read_text() if log.exists() else ""))

    data = str(folder / "data")
    options = f"-p {server.port} -k {folder} -c listen_addresses=127.0.0.1 -F"
    try:
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync",
            "--no-instructions", "--locale=C.UTF-8")  # fmt: skip
        run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            yield server
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
