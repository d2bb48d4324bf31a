"""Refusals, in Telegram's own words."""

from __future__ import annotations

from simulator.wire import JsonDict

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TERMINATED_BY_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """A call that Telegram refuses.

    Attributes:
        code: the HTTP status, which is also ``error_code`` in the body.
        description: the whole text, prefix included (``Bad Request: chat not found``).
        parameters: ``retry_after`` or ``migrate_to_chat_id``; None when there is nothing to tell.
    """

    def __init__(self, code: int, description: str, parameters: JsonDict | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> JsonDict:
        answer: JsonDict = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters is not None:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str, parameters: JsonDict | None = None) -> ApiError:
    return ApiError(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    return ApiError(404, "Not Found")


def unknown_method() -> ApiError:
    return ApiError(404, "Not Found: method not found")


def required(name: str) -> ApiError:
    """A parameter that has to be there and is not."""
    return bad_request(f'parameter "{name}" is required')


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def too_large() -> ApiError:
    return ApiError(413, "Request Entity Too Large")


class ActError(Exception):
    """Something that a person's client would not offer, such as tapping a button that is gone."""
