"""The content team's API in a few words."""

from typing import Any

from rest_framework.test import APIClient

ADMIN = "/api/v1/admin"


class AdminClient:
    """A client whose answers are checked for their status on the way."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> Any:
        return self._said(self.client.get(f"{ADMIN}/{path}"), status)

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        return self._said(self.client.post(f"{ADMIN}/{path}", body, format="json"), status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._said(self.client.put(f"{ADMIN}/{path}", body, format="json"), status)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._said(self.client.delete(f"{ADMIN}/{path}"), status)

    def _said(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()[:800]
        return answer.json() if answer.content else None
