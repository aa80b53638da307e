"""Cost of authentication: CPU seconds of web, database and cache.

    python bench/sign_in.py [--requests 5000] [--people 60] [--rounds 3]

The signed-in request is compared with the server's cheapest answer and a wrong token. The requests
alternate in rounds, so that a change of the machine's speed affects all of them; the median ratio
is printed.
"""

from __future__ import annotations

import argparse
import statistics

import requests
from crowd import BARE, Request, Row, measure, show
from serving import Server, serving

PASSWORD = "long-enough-for-a-bench"
PEOPLE = """
from accounts.services.people import user_create
for n in range({count}):
    user_create(email=f"p{{n}}@kush.test", password="{password}", name=f"Person {{n}}")
"""


def sign_in(server: Server, number: int) -> str:
    body = {"email": f"p{number}@kush.test", "password": PASSWORD}
    answer = requests.post(f"{server.api}/auth/login", json=body, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["accessToken"])


def rows(tokens: list[str]) -> list[Row]:
    api = "/api/v1/auth"

    def token_of(number: int) -> str:  # people take turns, because each has a rate limit
        return tokens[number % len(tokens)]

    def login(number: int) -> Request:
        body = {"email": f"p{number % len(tokens)}@kush.test", "password": PASSWORD}
        return Request(f"{api}/login", method="POST", body=body)

    return [
        BARE,
        Row("auth/me: a signed-in request", lambda n: Request(f"{api}/me", token=token_of(n)), 0.5),
        Row("auth/me with a forged token", lambda n: Request(f"{api}/me", token=f"{token_of(n)}x"),
            status=401),
        Row("auth/login: Argon2 and a session", login, share=0.02),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with serving() as server:
        server.shell(PEOPLE.format(count=options.people, password=PASSWORD))
        tokens = [sign_in(server, number) for number in range(options.people)]
        measured = rows(tokens)
        ratios = []
        for _ in range(options.rounds):
            costs = [measure(server, row, requests=options.requests) for row in measured[:3]]
            for row, cost in zip(measured, costs, strict=False):
                show(row, cost, bare=costs[0])
            ratios.append(costs[1].total / costs[0].total)
        login = measure(server, measured[3], requests=options.requests)
        show(measured[3], login, bare=costs[0])
        print(f"signed in over bare: {statistics.median(ratios):.2f}, of {options.rounds} rounds")


if __name__ == "__main__":
    main()
