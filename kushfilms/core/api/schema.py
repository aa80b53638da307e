"""What every operation of the API has in common, written into the OpenAPI description.

Views describe what is theirs; the errors any of them may answer, the request id and examples by
the name of a field are the same everywhere and stand here once.
"""

from collections.abc import Iterator
from typing import Any

Spec = dict[str, Any]

TITLES = {
    "400": "What was sent cannot be used; `fields` says what and why.",
    "401": "Not signed in, or not any more.",
    "403": "Not allowed; `code` says why.",
    "404": "There is no such thing, or it is not yours.",
    "406": "We answer in JSON only.",
    "409": "Not in the state it is in; `code` says which.",
    "413": "Too large.",
    "415": "Not a content type this takes.",
    "422": "Not a file of the kind it should be.",
    "429": "Too often: wait as long as `Retry-After` says.",
    "503": "Something we stand on is away: wait as long as `Retry-After` says.",
}
WAITING = {"429", "503"}
ERROR: Spec = {
    "type": "object",
    "required": ["error", "code", "message"],
    "properties": {
        "error": {"type": "string", "description": "A title.", "example": "Not Found"},
        "code": {"type": "string", "description": "For programs.", "example": "not_found"},
        "message": {
            "type": "string",
            "description": "For people: what to do.",
            "example": "There is no such film.",
        },
        "fields": {
            "type": "object",
            "description": "Faults by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "example": {"email": ["Enter a valid email address."]},
        },
    },
    "additionalProperties": True,
}
RETRY_AFTER: Spec = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds."}
UNSAFE = {"post", "put", "patch", "delete"}


def ours_only(endpoints: list[Any], **_: Any) -> list[Any]:
    """Hook of drf-spectacular: the contract is `/api/v1/`; the TVs' older names are aliases."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def describe_errors(result: Spec, generator: Any, request: Any, public: bool) -> Spec:  # noqa: FBT001
    """Hook of drf-spectacular: every operation's error answers.

    Which are possible follows from its shape; a view names others by `responses={409: None}`.
    """
    result["components"]["schemas"]["Error"] = ERROR
    for method, operation in _operations(result):
        named = {status for status in operation["responses"] if status in TITLES}
        for status in sorted(_possible(method, operation) | named):
            operation["responses"][status] = _answer(status)
    return result


def _operations(result: Spec) -> Iterator[tuple[str, Spec]]:
    for path in result["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield method, operation


def _possible(method: str, operation: Spec) -> set[str]:
    possible = {"406", "429", "503"}
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    if "requestBody" in operation:
        possible |= {"400", "413", "415"}
    if "query" in places:
        possible.add("400")
    if "path" in places:
        possible.add("404")
    if method in UNSAFE:
        possible.add("409")
    if any(operation.get("security", ())):
        possible |= {"401", "403"}
    return possible


def _answer(status: str) -> Spec:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answer: Spec = {"description": TITLES[status], "content": content}
    if status in WAITING:
        answer["headers"] = {"Retry-After": RETRY_AFTER}
    return answer
