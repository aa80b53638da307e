"""PostgreSQL server from a wheel, on a loopback port, with a password."""

import signal
from pathlib import Path

import psycopg

from dev.stack import cluster, wait
from dev.stack.child import Child, Command
from dev.stack.ports import LOOPBACK

USER = DATABASE = "kushfilms"

# Sized for a laptop that runs the whole site.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
    # Failed statements stay out of the log, because they may contain personal data.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# Test data need not survive a power cut. It must survive a killed server, for the tests that kill
# one, so `synchronous_commit` stays on; without fsync it costs almost nothing.
FAST = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """Cluster in `home/postgres` with one database."""

    def __init__(self, home: Path, *, port: int, password: str, fast: bool = False) -> None:
        self._data = home / "postgres"
        self._password = password
        self.url = f"postgres://{USER}:{password}@{LOOPBACK}:{port}/{DATABASE}"
        settings = SETTINGS | {"port": str(port)} | (FAST if fast else {})
        flags = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.child = Child(
            Command(
                name="postgres",
                argv=(str(cluster.BIN / "postgres"), "-D", str(self._data), *flags),
                # SIGINT is a fast shutdown: it disconnects clients and loses no data.
                stop_signal=signal.SIGINT,
                orphan_signal=signal.SIGINT,
                grace_seconds=15,
                user=cluster.UNPRIVILEGED,
            ),
            home=home,
        )

    def start(self) -> None:
        """Start without waiting, after creating the cluster if it does not exist.

        Raises:
            ChildError: the cluster could not be created.
        """
        self._data.parent.mkdir(parents=True, exist_ok=True)
        for path in (self._data, cluster.BIN / "postgres"):
            cluster.grant_traversal(path)
        if not self._data.exists():
            cluster.create(self._data, superuser=USER, password=self._password)
        self.child.start()

    def wait_ready(self) -> None:
        """Wait until the database exists and answers.

        Raises:
            ChildError: the server ended, or did not answer in time.
        """
        wait.until(self._answers, child=self.child)

    def stop(self) -> None:
        self.child.stop()

    def restart(self) -> None:
        """Restart on the same port, which breaks every connection."""
        self.stop()
        self.start()
        self.wait_ready()

    def _answers(self) -> bool:
        server = self.url.removesuffix(DATABASE) + "postgres"
        try:
            with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
                rows = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                )
                if rows.fetchone() is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True
