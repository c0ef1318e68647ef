"""The program with a data directory of its own, set up by its own commands, and its server on a free port of 127.0.0.1.

Everything in it is made up: addresses by counting, passwords and tokens by the program. Nothing outside of this machine is
asked: what the server would fetch goes to a proxy that is not there.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PASSWORD = "corner lamp seven otter"  # not a secret: of accounts that live for minutes
ROLES = ("viewer", "operator", "admin")
# A bound against hanging, not a measure of anything.
PATIENCE = 60

SETTINGS = {
    # A request without anything is nobody's, also from this machine: else every answer to nobody would be a viewer's.
    "BLACKLIST_ACCOUNTS__LOCAL_ROLE": "none",
    "BLACKLIST_SERVER__LIMITS__REQUESTS_PER_SECOND": "0",
    "BLACKLIST_COLLECT__PROXY": "http://127.0.0.1:9",
    "BLACKLIST_VALIDATION__ALLOW_DOCUMENTATION": "true",
    "BLACKLIST_LANG": "en",
    "LC_ALL": "C.UTF-8",
}


class Program:
    """The program and its data directory."""

    def __init__(self, binary):
        self.binary = binary
        self.dir = Path(tempfile.mkdtemp(prefix="blacklist-scan-"))
        self.tokens = {}
        self.secret = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLACKLIST_")}
        self.env = kept | SETTINGS

    def run(self, *args, text=None):
        """One command that has to end well; what it printed."""
        done = subprocess.run(
            [self.binary, "--data-dir", self.dir / "data", *args],
            input=text or "", capture_output=True, text=True, env=self.env, timeout=PATIENCE, check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"error: blacklist {' '.join(args)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    def fill(self):
        """Some of everything that the server can be asked for."""
        rows = "\n".join(f"9.{n // 250}.{n % 250}.1 ; scan {n}" for n in range(400))
        self.run("import", "-", "--source", "ours", "--mode", "full", text=rows + "\n9.9.0.0/16\nnot an address\n10.0.0.1\n")
        self.run("import", "-", "--source", "lab", text="".join(f"11.0.{n}.0/24\n" for n in range(40)) + "2a00:1:2::/48\n")
        self.run("block", "12.1.2.3", "--reason", "scan", "--for", "7d")
        self.run("source", "add", "web", "--kind", "url", "url=https://feeds.example/list.txt", "schedule=1d")
        self.run("source", "disable", "web")
        self.run("allow", "add", "9.0.1.1", "--reason", "scan", "--owner", "lee")
        self.run("own", "add", "203.0.113.0/24")
        self.run("feed", "add", "small", "cap=100")
        self.run("consumer", "add", "fw1", "vendor=fortigate", "--address", "198.51.100.7")
        self.secret = self.run("consumer", "rotate", "fw1")
        self.run("publish")
        for role in ROLES:
            self.run("user", "add", f"{role}-one", "--role", role, "--file", "-", text=PASSWORD + "\n")
            self.tokens[role] = self.run("token", "add", f"{role}-token", "--user", f"{role}-one", "--role", role)
        return self

    def remove(self):
        """The directory goes."""
        shutil.rmtree(self.dir, ignore_errors=True)


class Server:
    """A running server of a program; `with` ends it."""

    def __init__(self, program):
        self.program = program
        self.log = program.dir / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [program.binary, "--data-dir", program.dir / "data", "serve", "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=log, env=program.env, text=True,
            )
        said = self.process.stdout.readline()
        found = re.fullmatch(r"listening on http://(127\.0\.0\.1):(\d+)\n", said)
        if not found:
            self.process.kill()
            raise SystemExit(f"error: serve said {said!r}, not where it listens; its log is {self.log}")
        self.host, self.port = found[1], int(found[2])
        self.url = f"http://{self.host}:{self.port}"

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while self.ask("GET", "/readyz")[0] != 200:
            if time.monotonic() > until:
                raise SystemExit(f"error: the server does not become ready; its log is {self.log}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

    def ask(self, method, path, headers=None, body=None):
        """One request: status, fields (lower case, a list of pairs), body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            fields = [(name.lower(), value) for name, value in answer.getheaders()]
            return answer.status, fields, answer.read()
        finally:
            connection.close()
