"""Every mood of the mail server has an outcome that is looked for, and every weather a way in."""

from tests.chaos.faults_mail import BAD_WEATHER, OUTCOMES, QUICK
from tests.chaos.moods import MOODS
from tests.chaos.weather import Weather


def test_every_mood_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(MOODS)
    assert set(QUICK) <= set(OUTCOMES)


def test_every_bad_weather_is_tried() -> None:
    assert set(BAD_WEATHER) == set(Weather) - {Weather.FAIR}
