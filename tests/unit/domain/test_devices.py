import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.devices import device_words

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36": (
        "Chrome on Windows"
    ),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0": (
        "Edge on Windows"
    ),
    "Mozilla/5.0 (Linux; Android 15; SM-X200) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36": (
        "Samsung Internet on Android"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1": (
        "Safari on iPhone"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Mac",
    "curl/8.0": "A browser",
    "": "A browser",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_device_is_named_without_version_or_model(agent: str) -> None:
    assert device_words(agent) == AGENTS[agent]


@given(st.text())
def test_device_never_repeats_what_a_browser_sends(agent: str) -> None:
    assert len(device_words(agent)) <= len("Samsung Internet on Chromebook")
