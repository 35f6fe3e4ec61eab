"""Requests per second of real pages on granian, against a bare Flask view on the same server in the same run."""

import asyncio
import time
from dataclasses import dataclass

from bench.table import Line

CONNECTIONS = 8
SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int


def lines(server: Address) -> list[Line]:
    """Pages and feeds of the sample, each against `/bare`."""
    feed = "/groups/tuesday-lantern/calendar.ics"
    etag = asyncio.run(_etag(server, feed))
    rates = {
        "bare": rate(server, "/bare/"),
        "feed": rate(server, feed),
        "unchanged": rate(server, feed, f"If-None-Match: {etag}\r\n"),
        "page": rate(server, "/groups/tuesday-lantern"),
    }
    bare = "a bare Flask view"
    return [
        Line("public feed, 200", rates["feed"], bare, rates["bare"], limit=0.85),
        Line("public feed, 304", rates["unchanged"], bare, rates["bare"], limit=0.85),
        Line("group page", rates["page"], bare, rates["bare"], limit=0.005),
    ]


def rate(server: Address, path: str, headers: str = "") -> float:
    """Answers per second to this path; `headers` are whole lines. Raises RuntimeError for an answer that is not 200 or 304."""
    request = f"GET {path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n{headers}\r\n".encode()
    asyncio.run(_hammer(server, request, 0.5))
    return asyncio.run(_hammer(server, request, SECONDS))


async def _hammer(server: Address, request: bytes, seconds: float) -> float:
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_one_connection(server, request, until) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def _one_connection(server: Address, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    count = 0
    while time.perf_counter() < until:
        writer.write(request)
        status, _headers = await _answer(reader)
        if status not in {200, 304}:
            raise RuntimeError(f"the server answered {status}")
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def fetch_all(server: Address, paths: list[str]) -> None:
    """Fetch each path once, packed, over a few connections. Raises RuntimeError for an answer that is not 200."""
    left = iter(paths)
    rest = f"Host: {server.host}:{server.port}\r\nAccept-Encoding: gzip\r\n\r\n"

    async def some() -> None:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        for path in left:
            writer.write(f"GET {path} HTTP/1.1\r\n{rest}".encode())
            status, _headers = await _answer(reader)
            if status != 200:  # noqa: PLR2004  HTTP
                raise RuntimeError(f"the server answered {status}")
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(some() for _ in range(CONNECTIONS)))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    await reader.readexactly(int(headers.get("content-length", 0)))
    return int(head[0].split(" ")[1]), headers


async def _etag(server: Address, path: str) -> str:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode())
    _status, headers = await _answer(reader)
    writer.close()
    await writer.wait_closed()
    return headers["etag"]
