"""What nobody means to type: for every field, every part of an address, every header."""

from hypothesis import strategies as st

WORDS = (
    "", " ", "\0", "a\0b", "\ufeff", "\u202eevil", "\u2028", "a\r\nX-Injected: 1", "\x1b[31m", "\x85", "💔" * 50,
    "x" * 20_000, "é" * 5_000, "-1", "0", "00", "1e309", "NaN", "9" * 400, "0x10", "٣", "true", "null", "[]", "{}",
    "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-11-24T19:00", "25:61", "24:00", "-00:01", "60",
    "Europe/Nowhere", "../../etc/passwd", "Etc/GMT+99", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=999999999",
    "' OR 1=1 --", "%", "_", "\\", "%00", "%s%s%n", "{{7*7}}", "${7*7}", "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example",
    "https://user:pass@evil.example/", "https://[::1]/", "a@b", "a@example.org\r\nBcc: b@example.org", "=cmd|' /C calc'!A0",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip

QUESTIONS = (
    "q", "day", "time", "kind", "modality", "family", "language", "near", "within", "tz", "page", "next", "done", "hours",
)  # fmt: skip

texts = st.one_of(st.sampled_from(WORDS), st.text(max_size=120), st.integers().map(str), st.dates().map(str))
parts = st.one_of(
    st.sampled_from([word for word in WORDS if word and len(word) < 1000]), st.text(min_size=1, max_size=60)
)
headers = st.dictionaries(
    st.sampled_from(
        ["If-None-Match", "If-Modified-Since", "Range", "Accept", "Accept-Language", "Accept-Encoding", "Origin",
         "X-Forwarded-For", "X-Forwarded-Host", "Authorization", "User-Agent", "Sec-Fetch-Site", "Content-Type"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80),
    max_size=3,
)  # fmt: skip
