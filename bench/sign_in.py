"""What it costs to know who asks: CPU seconds of web, database and cache.

    python bench/sign_in.py [--requests 5000] [--people 60] [--rounds 3]

Beside the signed-in request stand the same server's cheapest answer and a wrong token's. Rounds
take turns, so that a machine whose speed drifts drifts for all of them; the ratio is the median's.
"""

from __future__ import annotations

import argparse
import statistics

import requests
from crowd import BARE, Ask, Row, measure, show
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

    def me(number: int) -> str:  # in turns: each has a limit of their own
        return tokens[number % len(tokens)]

    def login(number: int) -> Ask:
        body = {"email": f"p{number % len(tokens)}@kush.test", "password": PASSWORD}
        return Ask(f"{api}/login", method="POST", body=body)

    return [
        BARE,
        Row("auth/me: a signed-in request", lambda n: Ask(f"{api}/me", token=me(n)), 0.5),
        Row("auth/me with a forged token", lambda n: Ask(f"{api}/me", token=f"{me(n)}x"),
            status=401),
        Row("auth/login: Argon2 and a session", login, share=0.02),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with serving() as server:
        server.shell(PEOPLE.format(count=given.people, password=PASSWORD))
        tokens = [sign_in(server, number) for number in range(given.people)]
        measured = rows(tokens)
        ratios = []
        for _ in range(given.rounds):
            told = [measure(server, row, requests=given.requests) for row in measured[:3]]
            for row, figures in zip(measured, told, strict=False):
                show(row, figures, bare=told[0])
            ratios.append(told[1].total / told[0].total)
        login = measure(server, measured[3], requests=given.requests)
        show(measured[3], login, bare=told[0])
        print(f"signed in over bare: {statistics.median(ratios):.2f}, of {given.rounds} rounds")


if __name__ == "__main__":
    main()
