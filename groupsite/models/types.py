"""Column types for our frozen values."""

from dataclasses import asdict
from typing import Any, Generic, TypeVar

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Value = TypeVar("Value")


class AsJson(TypeDecorator[Value], Generic[Value]):
    """Holds a flat frozen dataclass of texts and numbers as JSONB; None stays NULL."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, value_class: type[Value]) -> None:
        super().__init__()
        self.value_class = value_class

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return None if value is None else asdict(value)  # type: ignore[call-overload]  # a dataclass

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Value | None:  # noqa: ARG002
        return None if value is None else self.value_class(**value)
