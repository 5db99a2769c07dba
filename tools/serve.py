#!/usr/bin/env python3
"""Serve a channel folder over HTTP for tests, faults included.

    python serve.py DIR [--port 0] [--log FILE] [--auth MODE] [--fault RULE ...]

Prints one line, ``serving on http://127.0.0.1:PORT/``, then serves until it is
interrupted.  Only loopback addresses are accepted.  In-process use:

    with Server(folder, faults=["path=*/repodata.json.zst,status=503,times=1"]) as srv:
        srv.url            # http://127.0.0.1:PORT
        srv.requests()     # what was asked so far, as dictionaries

What it does like a real mirror: HTTP/1.1 keep-alive, GET and HEAD, ETag,
Last-Modified, If-None-Match and If-Modified-Since (304), single and open byte
ranges with If-Range (206 and 416), Cache-Control (shards are immutable),
Content-Type by extension; content is never re-encoded.

Faults
------
A rule is a comma-separated list of ``key=value``.  Selectors (all must match):

    path=GLOB      the decoded path, without token; default: everything
    method=GET     GET or HEAD
    times=N        the first N matching requests only
    skip=N         not the first N matching requests
    every=N        each Nth matching request only
    header=NAME    only requests that carry this header (e.g. Range)

Actions:

    delay=SECONDS        wait before answering
    rate=BYTES           bytes a second while sending the body
    status=CODE          answer with this status and a short body
    retry_after=VALUE    add Retry-After (seconds, or "date" for an HTTP date 2 s ahead)
    drop=N               close the connection after N bytes of the body
                         (N may be "50%"; Content-Length stays right)
    drop=headers         close before any answer;  drop=status: in mid status line
    truncate=N           send N bytes only, and claim that this is all
    corrupt=N            flip one bit of N bytes spread over the body (length kept)
    length=DELTA         Content-Length is wrong by DELTA
    redirect=URL         302 to URL (a path, or absolute)
    norange=1            ignore Range: always answer 200 with everything
    noetag=1             no ETag;  nodate=1: no Last-Modified
    stale=1              ignore If-None-Match/If-Modified-Since: never a 304
    chunked=1            chunked transfer coding, no Content-Length
    type=TEXT            Content-Type
    html=1               a 200 with a web page instead of the file (captive portal)

The same keys work for one request as a query string (``?status=503&times=1``
counts per path) or as a header ``X-Fault: status=503,retry_after=1``.

Authentication (``--auth``)
---------------------------
    basic:USER:PASSWORD     HTTP basic
    bearer:TOKEN            Authorization: Bearer TOKEN
    token:TOKEN             the path must start with /t/TOKEN/
    header:NAME:VALUE       any header

``--auth-path GLOB`` limits it to some paths; wrong or no credentials: 401 (with
WWW-Authenticate) or, with ``--auth-status 403``, another status.  A path that
begins with /t/ANYTHING/ is also accepted, token removed, when no token is asked
for.  Credentials are never logged: the log says which kind was sent, not what.

Control requests (not logged, not subject to faults):

    GET  /_/log       the log so far, JSON lines
    POST /_/reset     forget log and counters; the body, if any, is a JSON list of
                      rules that replaces the current ones
    GET  /_/stats     {"requests": N, "bytes": N, "peak": most requests at once}
"""

from __future__ import annotations

import argparse
import base64
import email.utils
import fnmatch
import hashlib
import hmac
import json
import os
import posixpath
import re
import socket
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TYPES = {
    ".json": "application/json",
    ".zst": "application/zstd",
    ".bz2": "application/x-bzip2",
    ".conda": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".yml": "text/yaml",
    ".yaml": "text/yaml",
    ".txt": "text/plain; charset=utf-8",
}
SELECTORS = {"path", "method", "times", "skip", "every", "header"}
ACTIONS = {
    "delay",
    "rate",
    "status",
    "retry_after",
    "drop",
    "truncate",
    "corrupt",
    "length",
    "redirect",
    "norange",
    "noetag",
    "nodate",
    "stale",
    "chunked",
    "type",
    "html",
}


class Rule:
    def __init__(self, text):
        if isinstance(text, dict):
            fields = {k: str(v) for k, v in text.items()}
        else:
            fields = dict(part.split("=", 1) for part in text.split(",") if part.strip())
            fields = {k.strip(): v.strip() for k, v in fields.items()}
        unknown = set(fields) - SELECTORS - ACTIONS
        if unknown:
            raise ValueError(f"unknown fault keys: {', '.join(sorted(unknown))}")
        self.select = {k: fields.pop(k) for k in list(fields) if k in SELECTORS}
        self.actions = fields
        self.seen = 0

    def applies(self, method: str, path: str, headers) -> bool:
        """Call with the server's lock held: it counts."""
        s = self.select
        if not fnmatch.fnmatchcase(path, s.get("path", "*")):
            return False
        if "method" in s and s["method"].upper() != method:
            return False
        if "header" in s and s["header"] not in headers:
            return False
        self.seen += 1
        number = self.seen - int(s.get("skip", 0))
        if number <= 0 or number > int(s.get("times", 1 << 60)):
            return False
        return number % int(s.get("every", 1)) == 0


class Hangup(Exception):
    """Close the connection now."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "channel"
    sys_version = ""
    disable_nagle_algorithm = True

    # ---- entry points
    def do_GET(self):
        self.answer()

    def do_HEAD(self):
        self.answer()

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.path == "/_/reset":
            with self.server.lock:
                self.server.entries.clear()
                self.server.counters.clear()
                self.server.totals = {"requests": 0, "bytes": 0, "peak": 0}
                if body.strip():
                    self.server.rules = [Rule(r) for r in json.loads(body)]
                for rule in self.server.rules:
                    rule.seen = 0
            return self.small(200, b"{}", "application/json")
        self.small(405, b"only GET and HEAD\n")
        return None

    do_PUT = do_DELETE = do_POST  # noqa: N815

    # ---- one request
    def answer(self):
        srv = self.server
        if self.path.startswith("/_/"):
            return self.control()
        begin = time.time()
        parts = urlsplit(self.path)
        path, token = unquote(parts.path), None
        m = re.match(r"/t/([^/]*)(/.*)", path)
        if m:
            token, path = m.groups()
        self.entry = {
            "time": round(begin, 4),
            "method": self.command,
            "path": path,
            "status": None,
            "sent": 0,
            "range": self.headers.get("Range"),
            "if_none_match": self.headers.get("If-None-Match"),
            "if_modified_since": self.headers.get("If-Modified-Since"),
            "accept_encoding": self.headers.get("Accept-Encoding"),
            "user_agent": self.headers.get("User-Agent"),
            "auth": "token"
            if token is not None
            else (self.headers.get("Authorization") or "").split(" ")[0].lower() or None,
            "client_port": self.client_address[1],
        }
        with srv.lock:
            srv.active += 1
            srv.totals["peak"] = max(srv.totals["peak"], srv.active)
            faults = {}
            for rule in srv.rules:
                if rule.applies(self.command, path, self.headers):
                    faults.update(rule.actions)
            faults.update(self.own_faults(parts.query, path))
        if faults:
            self.entry["faults"] = faults
        try:
            self.respond(path, token, faults)
        except Hangup:
            self.entry["dropped"] = True
            self.abort()
        except (BrokenPipeError, ConnectionResetError):
            self.entry["client_left"] = True
            self.close_connection = True
        finally:
            self.entry["seconds"] = round(time.time() - begin, 4)
            with srv.lock:
                srv.active -= 1
                srv.totals["requests"] += 1
                srv.totals["bytes"] += self.entry["sent"]
                srv.entries.append(self.entry)
                if srv.log_file:
                    srv.log_file.write(json.dumps(self.entry) + "\n")
                    srv.log_file.flush()

    def own_faults(self, query: str, path: str) -> dict:
        """Faults asked for by this request itself."""
        found = dict(parse_qsl(query)) if query else {}
        if self.headers.get("X-Fault"):
            found.update(dict(p.split("=", 1) for p in self.headers["X-Fault"].split(",")))
        found = {k: v for k, v in found.items() if k in ACTIONS | SELECTORS}
        if not any(k in ACTIONS for k in found):
            return {}
        key = (path, json.dumps(found, sort_keys=True))
        rule = self.server.counters.setdefault(key, Rule(found))
        return rule.actions if rule.applies(self.command, path, self.headers) else {}

    def respond(self, path, token, faults):
        if faults.get("drop") == "headers":
            raise Hangup
        if "delay" in faults:
            time.sleep(float(faults["delay"]))
        if faults.get("drop") == "status":
            self.wfile.write(b"HTTP/1.")
            raise Hangup
        if "status" in faults:
            extra = {}
            if "retry_after" in faults:
                value = faults["retry_after"]
                extra["Retry-After"] = (
                    email.utils.formatdate(time.time() + 2, usegmt=True)
                    if value == "date"
                    else value
                )
            code = int(faults["status"])
            return self.small(code, f"fault: {code}\n".encode(), extra=extra)
        if "redirect" in faults:
            return self.small(302, b"", extra={"Location": faults["redirect"]})
        if not self.authorised(path, token):
            extra = {}
            if self.server.auth_status == 401:
                kind = {"basic": 'Basic realm="channel"', "bearer": "Bearer"}.get(
                    self.server.auth[0]
                )
                if kind:
                    extra["WWW-Authenticate"] = kind
            return self.small(self.server.auth_status, b"not allowed\n", extra=extra)
        if faults.get("html"):
            return self.small(
                200,
                b"<!doctype html><title>Sign in</title><p>Welcome to the network.\n",
                "text/html",
            )

        file = self.locate(path)
        if file is None:
            return self.small(404, b"no such file\n")
        if file.is_dir():
            if not path.endswith("/"):
                return self.small(301, b"", extra={"Location": path + "/"})
            names = sorted(p.name + ("/" if p.is_dir() else "") for p in file.iterdir())
            return self.small(
                200, "".join(f"{n}\n" for n in names).encode(), "text/plain; charset=utf-8"
            )
        self.send_file(file, path, faults)
        return None

    def locate(self, path):
        clean = posixpath.normpath("/" + path.lstrip("/")).lstrip("/")
        file = (self.server.root / clean).resolve()
        if file != self.server.root and self.server.root not in file.parents:
            return None
        return file if file.exists() else None

    def authorised(self, path, token) -> bool:
        auth = self.server.auth
        if auth is None or not fnmatch.fnmatchcase(path, self.server.auth_path):
            return True

        def same(a, b):
            return hmac.compare_digest(a.encode(), b.encode())

        given = self.headers.get("Authorization") or ""
        if auth[0] == "basic":
            want = "Basic " + base64.b64encode(":".join(auth[1:3]).encode()).decode()
            return same(given, want)
        if auth[0] == "bearer":
            return same(given, "Bearer " + auth[1])
        if auth[0] == "token":
            return token is not None and same(token, auth[1])
        return same(self.headers.get(auth[1]) or "", auth[2])

    def send_file(self, file: Path, path: str, faults):
        stat = file.stat()
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        date = email.utils.formatdate(int(stat.st_mtime), usegmt=True)
        headers = {
            "Accept-Ranges": "none" if faults.get("norange") else "bytes",
            "Content-Type": faults.get("type")
            or TYPES.get(file.suffix, "application/octet-stream"),
            "Cache-Control": "public, max-age=31536000, immutable"
            if "/shards/" in path or re.search(r"/[0-9a-f]{64}\.msgpack\.zst$", path)
            else f"public, max-age={self.server.max_age}",
        }
        if not faults.get("noetag"):
            headers["ETag"] = etag
        if not faults.get("nodate"):
            headers["Last-Modified"] = date

        if not faults.get("stale"):
            match = self.headers.get("If-None-Match")
            since = self.headers.get("If-Modified-Since")
            fresh = False
            if match is not None:
                tags = [t.strip().removeprefix("W/") for t in match.split(",")]
                fresh = "*" in tags or etag in tags
            elif since is not None:
                try:
                    fresh = (
                        int(stat.st_mtime) <= email.utils.parsedate_to_datetime(since).timestamp()
                    )
                except (TypeError, ValueError):
                    fresh = False
            if fresh:
                return self.head(304, headers)

        start, stop, status = 0, stat.st_size, 200
        wanted = self.headers.get("Range")
        if (
            wanted
            and not faults.get("norange")
            and self.headers.get("If-Range", etag) in (etag, date)
        ):
            m = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.strip())
            if m and (m[1] or m[2]):
                if m[1]:
                    start = int(m[1])
                    stop = min(int(m[2]) + 1, stat.st_size) if m[2] else stat.st_size
                else:
                    start = max(0, stat.st_size - int(m[2]))
                if start >= stat.st_size or start >= stop:
                    return self.small(416, b"", extra={"Content-Range": f"bytes */{stat.st_size}"})
                status = 206
                headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stat.st_size}"
        size = stop - start
        if "truncate" in faults:
            size = min(size, self.amount(faults["truncate"], size))
        if "chunked" in faults:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(max(0, size + int(faults.get("length", 0))))
        self.head(status, headers)
        if self.command == "HEAD":
            return None
        limit = self.amount(faults["drop"], size) if "drop" in faults else None
        self.body(file, start, size, limit, faults)
        if int(faults.get("length", 0)):
            self.close_connection = True
        return None

    @staticmethod
    def amount(text: str, size: int) -> int:
        return size * int(text[:-1]) // 100 if text.endswith("%") else int(text)

    def body(self, file, start, size, limit, faults):
        flips = set()
        if "corrupt" in faults and size:
            count = max(1, int(faults["corrupt"]))
            flips = {start + (2 * i + 1) * size // (2 * count) for i in range(count)}
        rate = float(faults.get("rate", 0)) or self.server.rate
        step = 1 << 16 if not rate else max(256, int(rate / 20))
        chunked = "chunked" in faults
        sent = 0
        with open(file, "rb") as fh:
            fh.seek(start)
            while sent < size:
                want = min(step, size - sent)
                if limit is not None:
                    if sent >= limit:
                        raise Hangup
                    want = min(want, limit - sent)
                data = fh.read(want)
                if not data:
                    break
                at = start + sent
                hit = [f for f in flips if at <= f < at + len(data)]
                if hit:
                    data = bytearray(data)
                    for f in hit:
                        data[f - at] ^= 0x10
                if chunked:
                    self.wfile.write(b"%x\r\n" % len(data) + bytes(data) + b"\r\n")
                else:
                    self.wfile.write(data)
                sent += len(data)
                self.entry["sent"] = sent
                if rate:
                    time.sleep(len(data) / rate)
        if limit is not None and limit >= size and "drop" in faults and limit == size:
            raise Hangup
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    # ---- plumbing
    def head(self, status, headers):
        self.entry["status"] = status
        self.send_response(
            status,
            HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Fault",
        )
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()

    def small(self, status, body, kind="text/plain; charset=utf-8", extra=None):
        if not hasattr(self, "entry"):
            self.entry = {}
        self.head(status, {"Content-Type": kind, "Content-Length": str(len(body)), **(extra or {})})
        if self.command != "HEAD":
            self.wfile.write(body)
            self.entry["sent"] = len(body)

    def control(self):
        with self.server.lock:
            if self.path == "/_/log":
                body = "".join(json.dumps(e) + "\n" for e in self.server.entries).encode()
            elif self.path == "/_/stats":
                body = json.dumps(self.server.totals).encode()
            else:
                body = None
        self.entry = {}
        if body is None:
            return self.small(404, b"")
        self.small(200, body, "application/json")
        return None

    def abort(self):
        """A hard close, so that the client sees a broken connection at once."""
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(timestamp, usegmt=True)


class _HTTP(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        kind = sys.exc_info()[0]
        if not issubclass(kind, (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Server:
    """The server in a thread of this process."""

    def __init__(
        self,
        root,
        *,
        port=0,
        host="127.0.0.1",
        faults=(),
        auth=None,
        auth_path="*",
        auth_status=401,
        log=None,
        rate=0.0,
        max_age=60,
    ):
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("loopback addresses only")
        self.http = _HTTP((host, port), Handler)
        self.http.root = Path(root).resolve()
        self.http.rules = [Rule(f) for f in faults]
        self.http.auth = tuple(auth.split(":", 2)) if auth else None
        if self.http.auth and self.http.auth[0] not in ("basic", "bearer", "token", "header"):
            raise ValueError("auth: basic:, bearer:, token: or header:")
        if self.http.auth and self.http.auth[0] in ("bearer", "token"):
            self.http.auth = tuple(auth.split(":", 1))
        self.http.auth_path, self.http.auth_status = auth_path, auth_status
        self.http.lock = threading.Lock()
        self.http.entries, self.http.counters = [], {}
        self.http.totals = {"requests": 0, "bytes": 0, "peak": 0}
        self.http.active = 0
        self.http.rate, self.http.max_age = rate, max_age
        self.http.log_file = open(log, "a", encoding="utf-8") if log else None  # noqa: SIM115
        self.url = f"http://{host}:{self.http.server_address[1]}"

    def requests(self) -> list[dict]:
        with self.http.lock:
            return [dict(e) for e in self.http.entries]

    def set_faults(self, faults) -> None:
        with self.http.lock:
            self.http.rules = [Rule(f) for f in faults]
            self.http.counters.clear()

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)
        if self.http.log_file:
            self.http.log_file.close()


def self_test() -> int:
    """Ask a server for everything it can do; prints 'N passed, N failed'."""
    import http.client
    import tempfile

    results = []

    def check(name, ok):
        results.append(bool(ok))
        print("ok  " if ok else "FAIL", name)

    with tempfile.TemporaryDirectory() as tmp:
        data = hashlib.shake_256(b"x").digest(100_000)
        (Path(tmp) / "noarch").mkdir()
        (Path(tmp) / "noarch/a-1-0.conda").write_bytes(data)
        (Path(tmp) / "secret").write_text("s")
        root = Path(tmp) / "noarch"

        def ask(srv, path, headers=None, method="GET"):
            c = http.client.HTTPConnection("127.0.0.1", srv.http.server_address[1], timeout=10)
            try:
                c.request(method, path, headers=headers or {})
                r = c.getresponse()
                try:
                    return r.status, dict(r.getheaders()), r.read()
                except http.client.IncompleteRead as e:
                    return r.status, dict(r.getheaders()), ("incomplete", len(e.partial))
            except (http.client.HTTPException, ConnectionError) as e:
                return None, {}, e
            finally:
                c.close()

        with Server(root, log=Path(tmp) / "log") as srv:
            s, h, b = ask(srv, "/a-1-0.conda")
            check("whole file", (s, b) == (200, data))
            check("304 by etag", ask(srv, "/a-1-0.conda", {"If-None-Match": h["ETag"]})[0] == 304)
            check(
                "304 by date",
                ask(srv, "/a-1-0.conda", {"If-Modified-Since": h["Last-Modified"]})[0] == 304,
            )
            check("head", ask(srv, "/a-1-0.conda", method="HEAD")[2] == b"")
            check(
                "range",
                ask(srv, "/a-1-0.conda", {"Range": "bytes=10-19"})[::2] == (206, data[10:20]),
            )
            check(
                "open range",
                ask(srv, "/a-1-0.conda", {"Range": "bytes=99990-"})[::2] == (206, data[99990:]),
            )
            check(
                "suffix range",
                ask(srv, "/a-1-0.conda", {"Range": "bytes=-5"})[::2] == (206, data[-5:]),
            )
            check("bad range", ask(srv, "/a-1-0.conda", {"Range": "bytes=100000-"})[0] == 416)
            check(
                "if-range mismatch",
                ask(srv, "/a-1-0.conda", {"Range": "bytes=5-", "If-Range": '"no"'})[0] == 200,
            )
            check("missing", ask(srv, "/b")[0] == 404)
            check(
                "no escape",
                ask(srv, "/../secret")[0] == 404 and ask(srv, "/%2e%2e/secret")[0] == 404,
            )
            check("token accepted", ask(srv, "/t/abc/a-1-0.conda")[0] == 200)
            s, h, b = ask(srv, "/a-1-0.conda?status=503&retry_after=7&times=1")
            check("503 by query", s == 503 and h["Retry-After"] == "7")
            check("once only", ask(srv, "/a-1-0.conda?status=503&retry_after=7&times=1")[0] == 200)
            check("by header", ask(srv, "/a-1-0.conda", {"X-Fault": "status=429"})[0] == 429)
            check("drop", ask(srv, "/a-1-0.conda?drop=50%25")[2] == ("incomplete", 50_000))
            check("drop before answer", ask(srv, "/a-1-0.conda?drop=headers")[0] is None)
            check("truncate", ask(srv, "/a-1-0.conda?truncate=10")[::2] == (200, data[:10]))
            b = ask(srv, "/a-1-0.conda?corrupt=3")[2]
            check(
                "corrupt",
                len(b) == len(data) and sum(x != y for x, y in zip(b, data, strict=False)) == 3,
            )
            check(
                "length too long", ask(srv, "/a-1-0.conda?length=5")[2] == ("incomplete", len(data))
            )
            check("length too short", ask(srv, "/a-1-0.conda?length=-5")[2] == data[:-5])
            check("chunked", ask(srv, "/a-1-0.conda?chunked=1")[2] == data)
            check("html", b"<!doctype" in ask(srv, "/a-1-0.conda?html=1")[2])
            check("redirect", ask(srv, "/a-1-0.conda?redirect=/x")[0] == 302)
            t = time.time()
            ask(srv, "/a-1-0.conda?delay=0.3")
            check("delay", 0.3 <= time.time() - t < 1.5)
            t = time.time()
            ask(srv, "/a-1-0.conda?rate=200000")
            check("rate", 0.4 <= time.time() - t < 1.5)
            check("no range", ask(srv, "/a-1-0.conda?norange=1", {"Range": "bytes=5-9"})[0] == 200)
            check("control", ask(srv, "/_/stats")[0] == 200)
            check("log", len(srv.requests()) > 20 and srv.requests()[-1]["path"] == "/a-1-0.conda")
        check("log file", len((Path(tmp) / "log").read_text().splitlines()) > 20)
        with Server(
            root, faults=["path=*.conda,status=500,times=2", "path=*.conda,delay=0.01"]
        ) as srv:
            check("rules", [ask(srv, "/a-1-0.conda")[0] for _ in range(3)] == [500, 500, 200])
        basic = "Basic " + base64.b64encode(b"me:p:w").decode()
        with Server(root, auth="basic:me:p:w") as srv:
            s, h, _ = ask(srv, "/a-1-0.conda")
            check("basic: 401", s == 401 and "WWW-Authenticate" in h)
            check("basic: ok", ask(srv, "/a-1-0.conda", {"Authorization": basic})[0] == 200)
        with Server(root, auth="bearer:a:b", auth_status=403) as srv:
            check(
                "bearer",
                [ask(srv, "/a-1-0.conda", h)[0] for h in ({}, {"Authorization": "Bearer a:b"})]
                == [403, 200],
            )
        with Server(root, auth="token:tk-1") as srv:
            check(
                "token",
                [
                    ask(srv, p)[0]
                    for p in ("/a-1-0.conda", "/t/no/a-1-0.conda", "/t/tk-1/a-1-0.conda")
                ]
                == [401, 401, 200],
            )
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


def main() -> int:
    ap = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="Rules and control requests: see the module's text.",
    )
    ap.add_argument("folder", nargs="?", help="the channel, or a folder of channels")
    ap.add_argument("--host", default="127.0.0.1")
    ap.add_argument("--port", type=int, default=0)
    ap.add_argument("--fault", action="append", default=[], metavar="RULE")
    ap.add_argument("--auth", metavar="MODE")
    ap.add_argument("--auth-path", default="*", metavar="GLOB")
    ap.add_argument("--auth-status", type=int, default=401)
    ap.add_argument("--log", metavar="FILE", help="append a JSON line for each request")
    ap.add_argument(
        "--rate", type=float, default=0, help="bytes a second for every answer; 0: no limit"
    )
    ap.add_argument("--max-age", type=int, default=60)
    ap.add_argument("--self-test", action="store_true")
    args = ap.parse_args()
    if args.self_test:
        return self_test()
    if not args.folder or not os.path.isdir(args.folder):
        ap.error("needs a folder")
    with Server(
        args.folder,
        port=args.port,
        host=args.host,
        faults=args.fault,
        auth=args.auth,
        auth_path=args.auth_path,
        auth_status=args.auth_status,
        log=args.log,
        rate=args.rate,
        max_age=args.max_age,
    ) as srv:
        print(f"serving on {srv.url}/", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
