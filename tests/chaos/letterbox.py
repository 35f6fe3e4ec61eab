"""An SMTP server in a process of its own that writes each mail down before it says 250.

`python -m tests.chaos.letterbox PORT FILE SPEED`: FILE gets a line for each event: seconds since 1970, `taken` or `refused`,
recipient, Message-ID, number of the connection. How it treats a mail is told by the recipient (moods.py), how it treats
everybody by a word in a file beside (weather.py). It takes several commands at a time (RFC 2920).
"""

import asyncio
import os
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.moods import Ending, mood_of
from tests.chaos.weather import Weather, weather_in

END = b"\r\n.\r\n"
LARGEST = 64_000_000
STALL = 45.0
"""Seconds without an answer: longer than the sender's 30."""
DRIP = 0.2
MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(rb"<([^>]*)>")
GOODBYE = b"221 2.0.0 bye"


@dataclass
class Book:
    """What was taken and refused, in a file that outlives this process."""

    path: Path
    speed: float
    tries: Counter[str] = field(default_factory=Counter)
    first: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def note(self, word: str, recipient: str, message_id: str, connection: int) -> None:
        os.write(self._file, f"{time.time():.6f}\t{word}\t{recipient}\t{message_id}\t{connection}\n".encode())

    def is_in_mood(self, recipient: str) -> bool:
        """Whether this server is in the recipient's mood, after so many attempts or so much time, and not over it yet."""
        mood, now = mood_of(recipient), time.time()
        began = self.first.setdefault(recipient, now)
        if mood.lasts:
            return (now - began) * self.speed < mood.lasts * 60
        return mood.times == 0 or self.tries[recipient] <= mood.times


class Hangup(Exception):
    """The line is cut without a word."""


@dataclass
class Talk:
    """One connection, from the greeting to its end."""

    book: Book
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    recipient: str = ""

    async def run(self) -> None:
        weather = weather_in(self.book.path)
        await self._greet(weather)
        while line := await self.reader.readline():
            word = line[:4].upper()
            if word == b"DATA" and self.recipient:
                self._say(b"354 go on")
                await self._body()
            else:
                self._say(self._answer(word, line, weather))
            if word == b"QUIT":
                return
            await self.writer.drain()

    async def _greet(self, weather: Weather) -> None:
        if weather is Weather.SLOW_GREETING:
            await asyncio.sleep(3)
        if weather is Weather.AWAY:
            raise Hangup
        self._say(b"421 4.3.2 not now" if weather is Weather.GREETING_421 else b"220 letterbox")

    def _answer(self, word: bytes, line: bytes, weather: Weather) -> bytes:
        if word == b"EHLO":
            return b"250-letterbox\r\n250-PIPELINING\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"
        if word == b"AUTH":
            return b"535 5.7.8 wrong password" if weather is Weather.WRONG_PASSWORD else b"235 2.7.0 welcome"
        if word == b"STAR":
            return b"454 4.7.0 no TLS now" if weather is Weather.NO_TLS else b"220 but what follows is no TLS"
        if word == b"RCPT":
            return self._meet(line)
        if word == b"DATA":
            return b"503 5.5.1 no valid recipient"
        return GOODBYE if word == b"QUIT" else b"250 2.0.0 ok"

    def _meet(self, line: bytes) -> bytes:
        found = ADDRESS.search(line)
        name = found[1].decode() if found else ""
        self.book.tries[name] += 1
        refusal = mood_of(name).at_recipient
        if refusal and self.book.is_in_mood(name):
            self.book.note("refused", name, refusal[:3], self.number)
            self.recipient = ""
            return refusal.encode()
        self.recipient = name
        return b"250 2.1.5 ok"

    async def _body(self) -> None:
        name, self.recipient = self.recipient, ""
        mood = mood_of(name)
        moody = self.book.is_in_mood(name)
        await self.writer.drain()
        if moody and mood.ending is Ending.CUT:
            await self.reader.readexactly(100)
            raise Hangup
        body = await self.reader.readuntil(END)
        weather = weather_in(self.book.path)
        if weather is Weather.POLICY or (moody and mood.at_dot):
            refusal = "554 5.7.1 not from you" if weather is Weather.POLICY else mood.at_dot
            self.book.note("refused", name, refusal[:3], self.number)
            self._say(refusal.encode())
            return
        found = MESSAGE_ID.search(body)
        self.book.note("taken", name, found[1].decode() if found else "", self.number)
        await self._end(mood.ending if moody else Ending.TAKE)

    async def _end(self, ending: Ending) -> None:
        if ending is Ending.DROP:
            raise Hangup
        if ending is Ending.STALL:
            await asyncio.sleep(STALL)
            raise Hangup
        if ending is Ending.DRIP:
            for letter in b"250 taken":
                self.writer.write(bytes([letter]))
                await self.writer.drain()
                await asyncio.sleep(DRIP)
            self.writer.write(b"\r\n")
            return
        self._say(b"250 2.0.0 taken")

    def _say(self, line: bytes) -> None:
        self.writer.write(line + b"\r\n")


async def serve(port: int, book: Book) -> None:
    count = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        with suppress(Hangup, OSError, asyncio.IncompleteReadError):
            await Talk(book, reader, writer, count).run()
        with suppress(OSError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=LARGEST, backlog=200)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Book(Path(sys.argv[2]), float(sys.argv[3]))))
