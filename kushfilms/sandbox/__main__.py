"""`python -m kushfilms.sandbox --port 8420 [--file kept.pickle]`.

From the environment: SANDBOX_WEBHOOK_URL and STRIPE_WEBHOOK_SECRET (where events go, and signed
with what), STRIPE_PRICE_BASIC and STRIPE_PRICE_PREMIUM (what is sold).
"""

import argparse
import logging
from pathlib import Path

from aiohttp import web

from kushfilms.sandbox import ground
from kushfilms.sandbox.server import application


def main() -> None:
    parser = argparse.ArgumentParser(prog="kushfilms.sandbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    ground.pages_at = f"http://127.0.0.1:{options.port}"
    if options.file:
        ground.remember_in(options.file)
    else:
        ground.remember_nothing()
    web.run_app(application(), host="127.0.0.1", port=options.port, print=None)


if __name__ == "__main__":
    main()
