"""How easy a page is to read: the Flesch-Kincaid grade (Kincaid and others, 1975), worked out from what stands in `main`."""

import re
from html.parser import HTMLParser

ENDS = {"p", "li", "h1", "h2", "h3"}
SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)")
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
SILENT = re.compile(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$")
VOWELS = re.compile(r"[aeiouy]+")


class Main(HTMLParser):
    """The text of `main`; each paragraph, heading and item of a list ends a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "main"
        if tag in ENDS:
            self.text.append(". ")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text.append(data)


def grade(page: str) -> float:
    """The school year (US) whose pupils can read the page."""
    reader = Main()
    reader.feed(page)
    sentences = [words for part in SENTENCE.split("".join(reader.text)) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    return max(1, len(VOWELS.findall(SILENT.sub("", word.lower()))))
