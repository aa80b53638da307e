"""A client of the staff API for tests."""

from typing import Any

from rest_framework.test import APIClient

ADMIN = "/api/v1/admin"


class AdminClient:
    """A client that checks the status of every response."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> Any:
        return self._body(self.client.get(f"{ADMIN}/{path}"), status)

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        return self._body(self.client.post(f"{ADMIN}/{path}", body, format="json"), status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._body(self.client.put(f"{ADMIN}/{path}", body, format="json"), status)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._body(self.client.delete(f"{ADMIN}/{path}"), status)

    def _body(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()[:800]
        return answer.json() if answer.content else None
