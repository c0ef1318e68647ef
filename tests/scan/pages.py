"""What the scanner of pages does not look at: every page, asset and form of the running server, as nobody and signed in as admin.

The pages are found by following links from the first one; every check says what it saw where it failed. One line a check, the
last line counts.
"""

import re
import sys
import urllib.parse
from pathlib import Path

from browser import Found, Site, raw, sign_in
from rig import PASSWORD, Program, Server

MARK = "zq7<'\">`zq"
FORM = "application/x-www-form-urlencoded"

checks = []


def check(function):
    """A check of the list, in the order of this file."""
    checks.append(function)
    return function


@check
def the_site_was_found(site, nobody, server):
    """Without this every other check could pass on nothing."""
    return [f"only {len(site.pages)} pages and {len(site.assets)} assets"] if len(site.pages) < 40 or len(site.assets) < 3 else []


@check
def every_link_leads_somewhere(site, nobody, server):
    return [f"{path}: {status}" for path, (status, *_) in site.pages.items() if status >= 400]


@check
def every_answer_has_the_fields_that_protect_it(site, nobody, server):
    bad = []
    answers = {**site.pages, **site.assets, **nobody.pages}
    for path in ("/no-such-page", "/api/v1/stats", "/api/v1/session", "/healthz", "/metrics"):
        status, fields, body = site.get(path)
        answers[path] = (status, dict(fields), body)
    for path, (_, fields, *_) in answers.items():
        # A feed is read by devices, some of them every few seconds, and is plain text: it brings the one field that matters.
        if path.startswith(("/feeds/", "/t/")):
            bad += [f"{path}: no nosniff"] if fields.get("x-content-type-options") != "nosniff" else []
            continue
        wanted = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin"}
        bad += [f"{path}: {name} is {fields.get(name)}" for name, value in wanted.items() if fields.get(name) != value]
        policy = fields.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
            bad.append(f"{path}: content-security-policy is {policy!r}")
    return bad


@check
def no_answer_says_with_what_it_was_made(site, nobody, server):
    answers = [(path, fields) for path, (_, fields, *_) in {**site.pages, **site.assets, **nobody.pages}.items()]
    return [f"{path}: {name}" for path, fields in answers for name in ("server", "x-powered-by", "via") if name in fields]


@check
def pages_are_kept_by_no_cache(site, nobody, server):
    return [f"{path}: {fields.get('cache-control')}" for path, (_, fields, *_) in site.pages.items() if "no-store" not in fields.get("cache-control", "")]


@check
def no_page_has_a_script_or_a_style_in_it(site, nobody, server):
    return [f"{path}: {found.inline}" for path, (*_, found) in site.pages.items() if found.inline]


@check
def no_page_brings_anything_from_elsewhere(site, nobody, server):
    policy = re.compile(r'(?:src|action)="(?:https?:)?//')
    return [path for path, (_, _, text, _) in site.pages.items() if policy.search(text)]


@check
def every_form_that_changes_something_carries_a_token(site, nobody, server):
    forms = [(path, form) for path, (*_, found) in site.pages.items() for form in found.forms if form["method"] == "post"]
    bad = [f"{path}: {form['action']}" for path, form in forms if not form["fields"].get("csrf")]
    return bad if forms else ["no form was found"]


def posts(site):
    """Each form that changes something once, but those that end the session."""
    forms = {}
    for path, (*_, found) in site.pages.items():
        for form in found.forms:
            if form["method"] == "post" and form["action"] not in ("/logout", "/password"):
                to = urllib.parse.urljoin(path, form["action"])
                forms.setdefault((to, tuple(sorted(form["fields"]))), (to, form["fields"]))
    return forms.values()


@check
def no_form_is_taken_without_its_token_or_from_another_site(site, nobody, server):
    bad = []
    for to, fields in posts(site):
        for what, sent, origin in (
            ("no token", {**fields, "csrf": ""}, server.url),
            ("another token", {**fields, "csrf": "0" * 64}, server.url),
            ("another origin", fields, "http://evil.example"),
            ("an origin of null", fields, "null"),
        ):
            status, _, _ = site.send("POST", to, urllib.parse.urlencode(sent), Origin=origin, Content_Type=FORM)
            if status != 403:
                bad.append(f"{to} with {what}: {status}")
        status, _, _ = site.send("POST", to, urllib.parse.urlencode(fields), Content_Type=FORM)
        if status != 403:
            bad.append(f"{to} without a word of where it is from: {status}")
    for what, fields in (("another origin", {"Origin": "http://evil.example"}), ("another site", {"Sec_Fetch_Site": "cross-site"}), ("nothing", {})):
        body = urllib.parse.urlencode({"name": "admin-one", "password": PASSWORD})
        status, _, _ = nobody.send("POST", "/login", body, Content_Type=FORM, **fields)
        if status != 403:
            bad.append(f"signing in from {what}: {status}")
    return bad


@check
def what_is_asked_comes_back_only_as_text(site, nobody, server):
    bad = []
    for path in sorted({path.partition("?")[0] for path in site.pages}):
        names = set()
        for other, (*_, found) in site.pages.items():
            if other.partition("?")[0] == path:
                names |= set(urllib.parse.parse_qs(urllib.parse.urlsplit(other).query))
                names |= {name for form in found.forms for name in form["fields"]}
        names |= {"q", "next", "page", "after", "sort", "said", "name", "lang"}
        for name in sorted(names - {"csrf"}):
            asked = f"{path}?{urllib.parse.urlencode({name: MARK})}"
            status, _, body = site.get(asked)
            if MARK.encode() in body or b"zq7<" in body or b"zq7&lt;'\"" in body:
                bad.append(f"{asked}: comes back as it was sent")
            if status >= 500:
                bad.append(f"{asked}: {status}")
        status, _, body = site.get(f"{path.rstrip('/')}/{urllib.parse.quote(MARK, safe='')}")
        if b"zq7<" in body or status >= 500:
            bad.append(f"{path}/MARK: {status}")
    return bad


@check
def what_is_typed_comes_back_only_as_text(site, nobody, server):
    bad = []
    for to, fields in posts(site):
        for name in fields:
            if name == "csrf":
                continue
            sent = urllib.parse.urlencode({**fields, name: MARK})
            status, _, body = site.send("POST", to, sent, Origin=server.url, Content_Type=FORM)
            if b"zq7<" in body or status >= 500:
                bad.append(f"{to} {name}: {status}")
    for path in site.pages:
        _, _, body = site.get(path)
        if b"zq7<" in body:
            bad.append(f"{path}: shows what was typed elsewhere, as it was sent")
    return bad


@check
def nothing_leads_to_another_site(site, nobody, server):
    bad = []
    for evil in ("//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "/\t/evil.example", "javascript:alert(1)"):
        query = urllib.parse.urlencode({"next": evil})
        ways = [site.get(f"/preferences?set=en&{query}"), site.get(f"/login?{query}")]
        body = urllib.parse.urlencode({"name": "viewer-one", "password": PASSWORD, "next": evil})
        ways.append(nobody.send("POST", "/login", body, Origin=server.url, Content_Type=FORM))
        for status, fields, text in ways:
            location = dict(fields).get("location", "/")
            if not location.startswith("/") or location.startswith(("//", "/\\")) or b"evil.example" in text and b'href="//' in text:
                bad.append(f"next={evil}: {status} {location}")
    for first in (b"//evil.example/", b"//evil.example/..", b"/\\evil.example", b"/.//evil.example"):
        answer = raw(server, b"GET " + first + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        if re.search(rb"(?im)^location:\s*(?:https?:)?[/\\]{2}", answer):
            bad.append(f"{first}: {answer[:200]}")
    return bad


@check
def what_is_asked_makes_no_field_of_the_answer(site, nobody, server):
    bad = []
    for path in ("/preferences?set=en&next=/%0d%0aX-Evil:%201", "/login?next=/%0d%0aX-Evil:%201", "/%0d%0aX-Evil:%201", "/ip?q=%0d%0aX-Evil:%201"):
        for asker in (site, nobody):
            _, fields, _ = asker.get(path)
            if any(name == "x-evil" for name, _ in fields):
                bad.append(path)
    return bad


@check
def only_this_machine_is_answered_as_this_machine(site, nobody, server):
    bad = []
    for host in (b"evil.example", b"127.0.0.1.evil.example", b"evil.example:2542", b"localhost@evil.example"):
        for path in (b"/", b"/login", b"/api/v1/session", b"/feeds/default/plain"):
            answer = raw(server, b"GET " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
            if not re.match(rb"HTTP/1.1 (421|400)", answer) or host in answer.partition(b"\r\n\r\n")[0]:
                bad.append(f"{path} as {host}: {answer[:60]}")
    for fields in (b"X-Forwarded-Host: evil.example", b"X-Forwarded-For: 10.0.0.1", b"Forwarded: host=evil.example", b"X-Original-URL: /settings", b"X-Rewrite-URL: /settings"):
        answer = raw(server, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + b"\r\nConnection: close\r\n\r\n")
        if b"evil.example" in answer or not answer.startswith((b"HTTP/1.1 303", b"HTTP/1.1 4")):
            bad.append(f"{fields}: {answer[:60]}")
    return bad


@check
def methods_that_no_page_has_are_refused(site, nobody, server):
    bad = []
    for path in sorted({path.partition("?")[0] for path in [*site.pages, *site.assets]}):
        for method in ("TRACE", "TRACK", "CONNECT", "PROPFIND", "PUT", "DELETE", "DEBUG"):
            if method == "CONNECT":
                continue
            status, fields, body = site.send(method, path, X_Mark=MARK)
            if status < 400 or status >= 500 or MARK.encode() in body:
                bad.append(f"{method} {path}: {status}")
        status, fields, _ = site.send("OPTIONS", path, Origin="http://evil.example", Access_Control_Request_Method="POST")
        if any(name.startswith("access-control-") for name, _ in fields):
            bad.append(f"OPTIONS {path}: lets another origin in")
    return bad


@check
def no_other_origin_is_let_in(site, nobody, server):
    asked = ["/", "/api/v1/session", "/api/v1/stats", "/feeds/default/plain", "/api/v1/openapi.json"]
    return [path for path in asked for name, _ in site.get(path, Origin="http://evil.example")[1] if name.startswith("access-control-")]


LEFT_LYING = (
    "/.git/config", "/.git/HEAD", "/.env", "/.env.bak", "/.htaccess", "/.htpasswd", "/.DS_Store", "/.svn/entries", "/server-status",
    "/server-info", "/phpinfo.php", "/index.php", "/wp-login.php", "/config.php", "/config.json", "/config.toml", "/blacklist.toml",
    "/blacklist.db", "/data/blacklist.db", "/vault.key", "/backup.zip", "/backup.tar.gz", "/dump.sql", "/database.sql", "/id_rsa",
    "/docker-compose.yml", "/Dockerfile", "/Cargo.toml", "/package.json", "/actuator", "/actuator/env", "/debug/pprof/", "/console",
    "/swagger-ui/", "/graphql", "/.well-known/openid-configuration", "/crossdomain.xml", "/clientaccesspolicy.xml", "/login~", "/login.bak",
    "/assets/", "/assets/../Cargo.toml", "/assets/.env", "/assets/app.js.map", "/admin", "/manager/html", "/cgi-bin/test.cgi",
)


@check
def nothing_is_left_lying_about(site, nobody, server):
    bad = []
    for path in LEFT_LYING:
        for asker in (nobody, site):
            status, _, body = asker.get(path)
            if status not in (303, 401, 403, 404) or b"[server]" in body:
                bad.append(f"{path}: {status}")
    return bad


@check
def no_path_leads_out_of_the_assets(site, nobody, server):
    bad = []
    ways = ("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cwindows%5cwin.ini", "..%c0%af..%c0%afetc/passwd", "%252e%252e%252fetc%252fpasswd", "....//....//etc/passwd", "%00/etc/passwd", "/etc/passwd")
    for way in ways:
        for under in ("/assets/", "/ip/", "/collect/", "/devices/", "/feeds/", "/feeds/default/", "/api/v1/known-good/", "/t/x/feeds/"):
            answer = raw(server, f"GET {under}{way} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {site.cookie}\r\nConnection: close\r\n\r\n".encode())
            if b"root:" in answer or re.match(rb"HTTP/1.1 5", answer):
                bad.append(f"{under}{way}: {answer[:60]}")
            if under == "/assets/" and answer.startswith(b"HTTP/1.1 2"):
                bad.append(f"{under}{way}: {answer[:60]}")
    return bad


@check
def no_refusal_tells_of_the_inside(site, nobody, server):
    tell = re.compile(rb"panicked|RUST_BACKTRACE|sqlite|SELECT .* FROM|/root/|/home/|\.rs:\d+|tokio|hyper|axum|thread '")
    bad = []
    for path in ("/no-such", "/ip/%ff", "/ip/not-an-address", "/runs/x", "/runs/99999999999999999999", "/held/-1", "/publications/abc", "/collect/%00", "/devices/%27%22", "/allow/9e9", "/api/v1/runs/x", "/api/v1/listings?limit=-1", "/api/v1/lookup?ip=%00", "/map.png?x=%00", "/logs/program?level=%27", "/ip?after=%00&limit=99999999999999999999"):
        for asker in (site, nobody):
            status, _, body = asker.get(path)
            if tell.search(body) or status >= 500:
                bad.append(f"{path}: {status} {tell.findall(body)[:3]}")
    for request in (b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n"):
        answer = raw(server, request)
        if tell.search(answer) or re.match(rb"HTTP/1.\d (2|5)", answer):
            bad.append(f"{request[:40]}: {answer[:80]}")
    return bad


@check
def a_cookie_of_a_session_is_for_this_server_and_no_script(site, nobody, server):
    bad = []
    for cookie in sign_in(server):
        words = [word.strip().lower() for word in cookie.split(";")[1:]]
        bad += [f"{cookie.split('=')[0]}: {word} is missing" for word in ("httponly", "samesite=lax", "path=/") if word not in words]
        bad += [f"{cookie.split('=')[0]}: {word}" for word in words if word.startswith("domain")]
        if len(cookie.split("=", 1)[1].split(";")[0]) < 43:
            bad.append("fewer than 256 bits")
    first, second = sign_in(server)[0], sign_in(server)[0]
    if first.split(";")[0] == second.split(";")[0]:
        bad.append("two sessions have one cookie")
    _, fields, _ = server.ask("GET", "/login", {"Cookie": "blacklist_session=" + "A" * 43})
    if any(name == "set-cookie" and "blacklist_session=A" in value for name, value in fields):
        bad.append("a cookie that somebody else chose is kept")
    return bad


@check
def no_page_shows_a_secret(site, nobody, server):
    program = server.program
    secrets = [PASSWORD, program.secret, *program.tokens.values(), site.cookie.partition("=")[2]]
    bad = []
    for path, (_, _, text, _) in site.pages.items():
        bad += [path for secret in secrets if secret in text]
    log = server.log.read_text()
    return bad + ["the log" for secret in secrets if secret in log]


@check
def nobody_sees_no_page(site, nobody, server):
    bad = []
    for path in {path.partition("?")[0] for path in site.pages} - {"/login", "/preferences"}:
        status, fields, body = nobody.get(path)
        if status != 303 or not dict(fields).get("location", "").startswith("/login") or body:
            bad.append(f"{path}: {status}")
    return bad


@check
def signing_out_ends_the_session(site, nobody, server):
    cookie = sign_in(server)[0].split(";")[0]
    other = Site(server, cookie)
    text = other.get("/account")[2].decode()
    form = next(form for form in Found(text).forms if form["action"] == "/logout")
    other.send("POST", "/logout", urllib.parse.urlencode(form["fields"]), Origin=server.url, Content_Type=FORM)
    status, _, _ = other.get("/account")
    return [] if status == 303 else [f"the page is answered {status} after it"]


@check
def the_server_is_well_after_all_of_it(site, nobody, server):
    log = server.log.read_text()
    return [line[:300] for line in log.splitlines() if "panicked" in line or '"level":"ERROR"' in line]


def main():
    """One line a check."""
    program = Program(Path(sys.argv[1]).resolve())
    failed = 0
    try:
        program.fill()
        with Server(program) as server:
            site = Site(server, sign_in(server)[0].split(";")[0]).crawl("/")
            nobody = Site(server).crawl("/login")
            print(f"{len(site.pages)} pages and {len(site.assets)} other files as admin, {len(nobody.pages)} pages as nobody")
            for one in checks:
                bad = one(site, nobody, server)
                failed += bool(bad)
                print(f"{'FAILED ' if bad else 'ok     '} {one.__name__.replace('_', ' ')}")
                for line in bad[:12]:
                    print(f"          {line}")
                if len(bad) > 12:
                    print(f"          and {len(bad) - 12} more")
    finally:
        program.remove()
    print(f"{len(checks) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
