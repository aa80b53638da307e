"""Command line `python -m dev.stripe_sandbox --port 8420 [--file state.pickle]`.

The environment provides SANDBOX_WEBHOOK_URL and STRIPE_WEBHOOK_SECRET (target and signature of
events), STRIPE_PRICE_BASIC and STRIPE_PRICE_PREMIUM (the prices on sale).
"""

import argparse
import logging
from pathlib import Path

from aiohttp import web

from dev.stripe_sandbox import store
from dev.stripe_sandbox.server import application


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.stripe_sandbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    store.pages_at = f"http://127.0.0.1:{options.port}"
    if options.file:
        store.persist_to(options.file)
    else:
        store.persist_nothing()
    web.run_app(application(), host="127.0.0.1", port=options.port, print=None)


if __name__ == "__main__":
    main()
