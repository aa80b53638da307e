"""Parts of the OpenAPI description that all operations share.

Views describe their own inputs and outputs. Error responses follow from the shape of an operation
and are added here.
"""

from typing import Any

Spec = dict[str, Any]

TITLES = {
    "400": "Some values are not valid; `fields` names them and the faults.",
    "401": "Not signed in, or the sign-in has ended.",
    "403": "Not allowed; `code` gives the reason.",
    "404": "Not found, or it belongs to another person.",
    "406": "Only JSON is available.",
    "409": "Not possible in the current state; `code` names the conflict.",
    "413": "Too large.",
    "415": "The content type is not supported.",
    "422": "The file is not of the expected kind.",
    "429": "Too many requests: wait for the seconds of `Retry-After`.",
    "503": "Temporarily unavailable: wait for the seconds of `Retry-After`.",
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
            "description": "For people: a sentence that says what to do.",
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
    """Keep the contract, `/api/v1/`, and leave out its aliases (hook of drf-spectacular)."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def describe_errors(result: Spec, generator: Any, request: Any, public: bool) -> Spec:  # noqa: FBT001
    """Add the error responses of every operation (hook of drf-spectacular).

    The possible ones follow from its shape; a view names others with `responses={409: None}`.
    """
    result["components"]["schemas"]["Error"] = ERROR
    operations = [
        (method, operation)
        for path in result["paths"].values()
        for method, operation in path.items()
        if isinstance(operation, dict) and "responses" in operation
    ]
    for method, operation in operations:
        responses = operation["responses"]
        named = {status for status in responses if status in TITLES}
        for status in sorted(_possible(method, operation) | named):
            content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            responses[status] = {"description": TITLES[status], "content": content}
            if status in WAITING:
                responses[status]["headers"] = {"Retry-After": RETRY_AFTER}
    return result


def _possible(method: str, operation: Spec) -> set[str]:
    possible = {"406", "429", "503"}
    locations = {parameter["in"] for parameter in operation.get("parameters", ())}
    if "requestBody" in operation:
        possible |= {"400", "413", "415"}
    if "query" in locations:
        possible.add("400")
    if "path" in locations:
        possible.add("404")
    if method in UNSAFE:
        possible.add("409")
    if any(operation.get("security", ())):
        possible |= {"401", "403"}
    return possible
