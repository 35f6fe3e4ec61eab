"""Structured logs on standard error: ids and verbs, never addresses, names, tokens or members' text.

Loggers take only the keys in `ALLOWED_KEYS`; anything else is dropped before it is written, so that a careless
call cannot leak. Exceptions are logged by class and place, not by message: messages quote what people typed.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "logger", "request_id", "task", "task_id", "endpoint", "method", "status",
        "milliseconds", "count", "delivery_id", "series_id", "group_id", "state", "kind", "reason", "where", "error",
        "planned", "sent", "expired", "cancelled", "failed", "deferred", "suppressed", "unknown", "tzdata",
    }
)  # fmt: skip


def configure_logging(level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _error_without_message,
            _only_allowed_keys,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_logger() -> structlog.typing.FilteringBoundLogger:
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger


def _only_allowed_keys(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def _error_without_message(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = _place(error)
    return event


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "groupsite" in frame.filename] or list(frames)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(ours[-4:]))
