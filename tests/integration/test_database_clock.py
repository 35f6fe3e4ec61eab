"""One clock for all: the database's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, create_engine, func, select

from dev.services import free_port
from groupsite.services.database_clock import DatabaseClock

SECOND = timedelta(seconds=1)


def database_time(engine: Engine) -> datetime:
    with engine.connect() as connection:
        moment = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(moment, datetime)
    return moment


def test_clock_shows_the_time_of_the_database_and_never_goes_back(empty_engine: Engine) -> None:
    clock = DatabaseClock(empty_engine)
    before, shown, after = database_time(empty_engine), [clock() for _ in range(100)], database_time(empty_engine)
    assert shown == sorted(shown)
    assert before <= shown[0]
    assert shown[-1] <= after + SECOND
    assert shown[0].tzinfo is UTC


def test_clock_is_behind_the_database_in_between_and_with_it_when_it_is_read_anew(empty_engine: Engine) -> None:
    clock = DatabaseClock(empty_engine)
    for _ in range(20):
        clock()
        assert clock() < database_time(empty_engine)
    before = database_time(empty_engine)
    clock.read_anew()
    assert before < clock() < database_time(empty_engine)


def test_clock_that_cannot_be_read_goes_on_by_the_machine() -> None:
    away = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none")
    before = datetime.now(UTC)
    assert before <= DatabaseClock(away)() <= datetime.now(UTC) + SECOND
