"""S3 server (rclone) over a folder. It checks signatures, presigned URLs and multipart uploads.

Parts that arrive out of order wait in memory, up to a limit. Measured with 600 MB in parts of
10 MB, six at a time: 330 MB resident when sent in order, 630 MB when shuffled, 670 MB backwards.
Uploads in progress do not survive a restart of this server.
"""

import http.client
import sysconfig
from pathlib import Path

from dev.stack import wait
from dev.stack.child import Child, Command
from dev.stack.ports import LOOPBACK

ACCESS_KEY = "kushaccess"
BUCKET = "kushfilms"


class S3:
    """Server whose buckets are the folders in `home/s3`."""

    def __init__(self, home: Path, *, port: int, secret_key: str) -> None:
        self._port = port
        self._folder = home / "s3"
        self.url = f"http://{LOOPBACK}:{port}"
        self.child = Child(
            Command(
                name="s3",
                argv=(
                    str(Path(sysconfig.get_path("scripts")) / "rclone"),
                    *("serve", "s3", "--addr", f"{LOOPBACK}:{port}"),
                    # The admin area uploads from the browser, under any host and port.
                    *("--allow-origin", "*"),
                    # The default of 256 MB stalls a client that sends its parts out of order.
                    *("--multipart-streaming-buffer-limit", "768M"),
                    str(self._folder),
                ),
                # In the environment (as one CSV field) the key pair stays out of the process list.
                environ={
                    "RCLONE_AUTH_KEY": f'"{ACCESS_KEY},{secret_key}"',
                    "RCLONE_CONFIG": "/dev/null",
                    "GOMEMLIMIT": "900MiB",
                },
            ),
            home=home,
        )

    def start(self) -> None:
        """Start without waiting, after creating the default bucket."""
        self.make_bucket(BUCKET)
        self.child.start()

    def wait_ready(self) -> None:
        """Wait until the server answers.

        Raises:
            ChildError: the server ended, or did not answer in time.
        """
        wait.until(self._answers, child=self.child)

    def stop(self) -> None:
        self.child.stop()

    def make_bucket(self, name: str) -> None:
        """Create a bucket, which is a folder, if it does not exist."""
        (self._folder / name).mkdir(parents=True, exist_ok=True)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=2)
        try:
            connection.request("GET", "/")
            # The request is unsigned, so the answer is an error; any answer is enough.
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
