"""Output of the launcher on the terminal."""

import sys
import time

from dev.stack.environment import Site

READY = """
  Kush Films is ready ({seconds:.1f} s)

    Site    {url}
    Admin   {url}/admin/
    Mails   {url}/outbox

    admin@kushfilms.com      admin123    super admin
    moderator@kushfilms.com  viewer123   moderator
    free@kushfilms.com       viewer123   free plan
    basic@kushfilms.com      viewer123   basic plan
    premium@kushfilms.com    viewer123   premium plan

  Logs are in .local/log. Ctrl-C stops everything.

"""


def print_progress(message: str) -> None:
    """Print a line with the time of day."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {message}\n")
    sys.stdout.flush()


def print_ready(site: Site, *, seconds: float) -> None:
    """Print the site's address and the demo logins. `seconds` is the duration of the start."""
    sys.stdout.write(READY.format(url=site.url, seconds=seconds))
    sys.stdout.flush()
