"""Our own declarative base: constraint names for migrations, and what Python types are in PostgreSQL."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import TIMESTAMP, Enum, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

WallClock = Annotated[datetime, mapped_column(TIMESTAMP(timezone=False))]
"""A naive time as clocks in the series' zone show it."""

WallClocks = Annotated[list[datetime], mapped_column(ARRAY(TIMESTAMP(timezone=False)), default=list)]

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid4)]


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: TIMESTAMP(timezone=True),
            str: Text,
            dict[str, Any]: JSONB,
            list[str]: ARRAY(Text),
        },
    )


class Served:
    """Mixin of what has a calendar to fetch: the tag of its bytes as last fetched, and since when they are so.

    The latter follows from changes, never from the moment of a fetch.
    """

    created_at: Mapped[datetime]
    calendar_tag: Mapped[str] = mapped_column(default="", server_default="")
    calendar_since: Mapped[datetime | None]


def word(vocabulary: type[StrEnum]) -> Enum:
    """A column type that holds one of the vocabulary's values as text, checked by the database."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda words: [one.value for one in words],
        name=vocabulary.__name__.lower(),
    )
