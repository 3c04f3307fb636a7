"""A PostgreSQL server of one's own, in a folder that is gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIVEN = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
_DATABASE = "motcua_test"


def binaries() -> Path | None:
    """Where Debian keeps the newest server, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return found[-1] if found else None


@contextmanager
def cluster(*options: str) -> Iterator[str | None]:
    """The URL of an empty database on a server of its own; None where none is installed.

    `options` are settings such as `fsync=off`.
    """
    where = binaries()
    if where is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    if _is_root():
        shutil.chown(folder, "postgres")
    port = free_port()
    try:
        _run(where / "initdb", "-D", folder / "data", "-U", "motcua", "--auth=trust", "-E", "UTF8",
             "--locale=C.UTF-8")  # fmt: skip
        settings = [f"port={port}", f"unix_socket_directories={folder}",
                    "listen_addresses=127.0.0.1", *options]  # fmt: skip
        told = " ".join(f"-c {setting}" for setting in settings)
        control = (where / "pg_ctl", "-D", folder / "data")
        _run(*control, "-w", "-l", folder / "log", "-o", told, "start")
        try:
            _run(where / "createdb", "-h", "127.0.0.1", "-p", f"{port}", "-U", "motcua", _DATABASE)
            yield f"postgresql+psycopg://motcua@127.0.0.1:{port}/{_DATABASE}"
        finally:
            _run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: object) -> None:
    as_server = ["runuser", "-u", "postgres", "--"] if _is_root() else []
    told = [*as_server, *(str(part) for part in command)]
    subprocess.run(told, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _is_root() -> bool:
    """The server refuses to run as root."""
    return os.getuid() == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
