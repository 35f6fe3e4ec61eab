"""All 16 series of the sample give exactly the starts that were worked out for them."""

import pytest

from groupsite.domain.recurrence import occurrences
from groupsite.domain.words import OccurrenceStatus
from tests.sample import WINDOW, SampleSeries, is_in_window, sample_series


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_series_gives_its_expected_starts(series: SampleSeries) -> None:
    dates = occurrences(series.schedule, *WINDOW)
    held = [one for one in dates if one.status is not OccurrenceStatus.CANCELLED and is_in_window(one.start_local)]
    assert tuple(one.start_utc for one in held) == series.held_utc
