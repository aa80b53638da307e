"""What the launcher says on the terminal."""

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


def tell(sentence: str) -> None:
    """One line with the time of day."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {sentence}\n")
    sys.stdout.flush()


def ready(site: Site, *, seconds: float) -> None:
    """Where the site is and who may sign in. `seconds` is how long the start took."""
    sys.stdout.write(READY.format(url=site.url, seconds=seconds))
    sys.stdout.flush()
