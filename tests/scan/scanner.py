"""The pages, attacked by wapiti: as nobody and signed in as admin, with all of its modules that need nothing from outside.

What it may find is named in KNOWN, with what looks at it instead; anything else fails. The last line counts.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from browser import sign_in
from rig import Program, Server

# Left out: those that ask another server for help (ssrf, xxe, log4shell, wapp, nikto) or are for other software (cms, wp_enum),
# and 'backup', which asks for /page~ by changing the port of the address too and then fails at it; pages.py asks for such files.
MODULES = "cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,upload,xss"
KNOWN = {
    # This server is asked without TLS. Over TLS the cookie has Secure and a name that asks for it: crates/server/tests/tls.rs.
    ("Secure Flag cookie", "Secure flag is not set in the cookie"),
    # Who is not signed in has no token. That the form is refused from another site is looked at by pages.py.
    ("Cross Site Request Forgery", "Lack of anti CSRF token"),
}


def scan(binary, who, out):
    """What was found; and how many pages were asked."""
    program = Program(binary)
    try:
        program.fill()
        with Server(program) as server:
            cookie = sign_in(server)[0].split(";")[0] if who == "admin" else None
            report = out / f"wapiti-{who}.json"
            report.unlink(missing_ok=True)
            with (out / f"wapiti-{who}.log").open("wb") as log:
                code = subprocess.run(command(server, program.dir, cookie, report), cwd=program.dir, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
            found = json.loads(report.read_text()) if report.exists() else None
            if code != 0 or found is None:
                return [f"wapiti ended with {code}; see {out / f'wapiti-{who}.log'}"], 0
            bad = [
                f"{kind}: {one['info']} ({one['method']} {one['path']})"
                for kind, all_of_it in [*found["vulnerabilities"].items(), *found["anomalies"].items()]
                for one in all_of_it
                if not any(kind == known and one["info"].startswith(start) for known, start in KNOWN)
            ]
            asked = found["infos"]["crawled_pages_nbr"]
            if cookie and server.ask("GET", "/account", {"Cookie": cookie})[0] != 200:
                bad.append("the session ended meanwhile, so not all was asked")
            if asked < (40 if cookie else 3):
                bad.append(f"only {asked} pages were found")
            if server.process.poll() is not None or b"panicked" in server.log.read_bytes():
                bad.append("the server ended or panicked")
            return bad, asked
    finally:
        program.remove()


def command(server, place, cookie, report):
    seconds = int(os.environ.get("SCAN_SECONDS", "25"))
    line = [
        Path(sys.executable).parent / "wapiti", "--url", f"{server.url}/", "--scope", "folder", "--module", MODULES,
        "--no-bugreport", "--flush-session", "--store-session", place / "wapiti", "--store-config", place / "wapiti",
        "--format", "json", "--output", report, "--header", f"Origin: {server.url}", "--tasks", "8", "--depth", "4",
        "--max-links-per-page", "40", "--max-files-per-dir", "12", "--max-scan-time", str(seconds), "--max-attack-time", str(max(5, seconds // 6)),
    ]
    # What would end the session, or the account that asks; and a stream that does not end.
    for path in ("/logout", "/events", "/password", "/account/sessions/*", "/account/code/*", "/settings/users/*"):
        line += ["--exclude", f"{server.url}{path}"]
    if cookie:
        name, value = cookie.split("=", 1)
        jar = place / "cookies.json"
        kept = {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
        jar.write_text(json.dumps({server.host: {"/": {name: kept}}}))
        line += ["--cookie", jar]
    return line


def main():
    """A line for each asker."""
    binary, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    askers, failed = ("nobody", "admin"), 0
    with ThreadPoolExecutor(len(askers)) as pool:
        for who, (bad, asked) in zip(askers, pool.map(lambda who: scan(binary, who, out), askers)):
            failed += bool(bad)
            print(f"{'FAILED ' if bad else 'ok     '} pages as {who}: {asked} asked")
            for line in bad[:20]:
                print(f"          {line}")
    print(f"{len(askers) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
