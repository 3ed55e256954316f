"""CKAN's errors as its clients expect them.

ActionError
├── Missing (404)        Not Found Error
├── Denied (403)         Authorization Error
├── Unfit (409)          Validation Error, with what is wrong by key
├── BadSearch (400)      Search Query Error
└── BadCall (400)        the call itself cannot be read; answered as a sentence
"""

from typing import Any, ClassVar


class ActionError(Exception):
    """An action cannot be done."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = ""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def body(self) -> dict[str, Any]:
        return {"__type": self.kind, "message": self.message}


class Missing(ActionError):
    """There is no such thing."""

    status = 404
    kind = "Not Found Error"

    def __init__(self, what: str = "") -> None:
        super().__init__(f"Not found: {what}" if what else "Not found")


class Denied(ActionError):
    """The caller may not do this."""

    status = 403
    kind = "Authorization Error"

    def __init__(self, why: str) -> None:
        super().__init__(f"Access denied: {why}")


class Unfit(ActionError):
    """What was given breaks a rule; ``found`` lists what is wrong by key."""

    status = 409
    kind = "Validation Error"

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(str(found))
        self.found = found

    @property
    def body(self) -> dict[str, Any]:
        return {**self.found, "__type": self.kind}


class BadSearch(ActionError):
    """The search cannot be read."""

    status = 400
    kind = "Search Query Error"


class BadCall(ActionError):
    """The call cannot be read."""

    status = 400
