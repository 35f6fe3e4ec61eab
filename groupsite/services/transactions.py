"""How a use case that needs more than one transaction is handed them: the caller alone knows where they come from."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

Begin = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction that commits at its end."""
Mark = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection on which every statement commits by itself, at once."""
