"""The API, asked by schemathesis as its own document says: as nobody and with a token of each role.

Each asker has a server and a data directory of its own, so that what an admin removes is missing nowhere else; they run side by
side. What was found stands in OUT/ROLE.log.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rig import ROLES, Program, Server

HERE = Path(__file__).parent


def scan(binary, role, out):
    """Why the scan of one asker is no good; None when it is."""
    program = Program(binary)
    try:
        program.fill()
        with Server(program) as server:
            status, _, document = server.ask("GET", "/api/v1/openapi.json", {"X-Api-Key": program.tokens["viewer"]})
            if status != 200:
                return f"the document is answered {status}"
            place = program.dir / "openapi.json"
            place.write_bytes(document)
            code = run(server, place, role, program.tokens.get(role), out / f"{role}.log")
            if server.process.poll() is not None:
                return "the server ended"
            if role in ROLES and server.ask("GET", "/api/v1/stats", {"X-Api-Key": program.tokens[role]})[0] != 200:
                return "its token is no longer good, so not all was asked"
            if b"panicked" in server.log.read_bytes():
                return "the server panicked"
            return None if code == 0 else f"schemathesis ended with {code}"
    finally:
        program.remove()


def run(server, document, role, token, log):
    command = [
        Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml",
        "run", document, "--url", server.url, "--no-color", "--checks", "all",
        "--seed", os.environ.get("SCAN_SEED", "1"), "--max-examples", os.environ.get("SCAN_EXAMPLES", "10"),
    ]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    env = os.environ | {"SCAN_ROLE": role, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    with log.open("wb") as text:
        return subprocess.run(command, cwd=document.parent, env=env, stdout=text, stderr=subprocess.STDOUT, check=False).returncode


def main():
    """Prints a line for each asker, and what was found; the last line counts."""
    binary, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    askers = ("nobody", *ROLES)
    failed = 0
    with ThreadPoolExecutor(len(askers)) as pool:
        for role, why in zip(askers, pool.map(lambda role: scan(binary, role, out), askers)):
            told = (out / f"{role}.log").read_text() if (out / f"{role}.log").exists() else ""
            cases = next((line.strip() for line in told.splitlines() if " generated, " in line), "nothing asked")
            if why is None:
                print(f"ok      api as {role}: {cases}")
                continue
            failed += 1
            print(f"FAILED  api as {role}: {why}; {cases}; all of it in {out / f'{role}.log'}")
            found = told.partition("= FAILURES =")[2] or told
            print(found[:6000])
    print(f"{len(askers) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
