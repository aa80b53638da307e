"""Launcher as a process, with real servers and stand-ins for the site's programs.

python -m dev.stack.tests.launch HOME PORT
"""

import sys
from pathlib import Path

from dev.stack import frontend, launcher, programs
from dev.stack.child import Command
from dev.stack.environment import Site

WEB = """
import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ[self.path.removeprefix('/env/')].encode())
    def log_message(self, *_): pass
os.environ['/readyz'] = 'ready'
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Page).serve_forever()
"""


def main() -> None:
    home = Path(sys.argv[1])
    port = sys.argv[2]

    def commands(*, environ: dict[str, str], **_: object) -> list[Command]:
        web = (sys.executable, "-c", WEB, port)
        return [Command("web", web, environ=environ), Command("beat", ("sleep", "600"))]

    programs.commands = commands
    programs.manage_command = lambda name, *_, environ: Command(name, ("true",), environ=environ)
    frontend.build = lambda **_: None
    try:
        launcher.Launcher(home, site=Site(port=int(port))).run()
    except launcher.PortTakenError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
