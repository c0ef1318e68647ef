"""The running server as a browser sees it: links are followed, forms are read, one cookie is kept."""

import json
import re
import socket
import urllib.parse
from html.parser import HTMLParser

from rig import PASSWORD

# A server that leads in circles would never end; a house as filled as the rig's has about a hundred pages by shape.
MOST_PAGES = 400
# Of pages that differ only in numbers or names, so many are looked at.
ALIKE = 3


class Found(HTMLParser):
    """Links, forms with their fields, and what must not be inline."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.inline = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        own = {name: value or "" for name, value in attrs}
        if tag in ("a", "link", "area") and "href" in own:
            self.links.add(own["href"])
        elif tag in ("img", "script", "iframe", "source") and "src" in own:
            self.links.add(own["src"])
        elif tag == "form":
            self.forms.append({"action": own.get("action", ""), "method": own.get("method", "get").lower(), "fields": {}})
        elif tag in ("input", "select", "textarea") and "name" in own and self.forms:
            self.forms[-1]["fields"][own["name"]] = own.get("value", "")
        if tag == "script" and "src" not in own or tag == "style":
            self.inline.append(f"<{tag}>")
        self.inline += [f"{tag} {name}" for name in own if name == "style" or name.startswith("on")]


class Site:
    """The server as a browser that keeps one cookie sees it, and what was found on it."""

    def __init__(self, server, cookie=None):
        self.server, self.cookie = server, cookie
        self.pages, self.assets = {}, {}

    def get(self, path, **fields):
        """GET with the cookie."""
        return self.send("GET", path, **fields)

    def send(self, method, path, body=None, **fields):
        """A request with the cookie and the fields."""
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if self.cookie:
            headers["Cookie"] = self.cookie
        return self.server.ask(method, path, headers, body)

    def crawl(self, first):
        """Follows every link of this origin, but out of the house and to streams that do not end."""
        seen, shapes, todo = set(), {}, [first]
        while todo and len(self.pages) < MOST_PAGES:
            path = todo.pop(0)
            shape = re.sub(r"\d+|=[^&]*", "*", urllib.parse.unquote(path))
            if path in seen or shapes.get(shape, 0) >= ALIKE or path.startswith(("/events", "/logout")):
                continue
            seen.add(path)
            shapes[shape] = shapes.get(shape, 0) + 1
            status, fields, body = self.get(path)
            fields = dict(fields)
            if not fields.get("content-type", "").startswith("text/html") and status < 300:
                self.assets[path] = (status, fields, body)
                continue
            found = Found(body.decode())
            self.pages[path] = (status, fields, body.decode(), found)
            # A form that asks is a link to its own page; /preferences is none, it leads back.
            links = found.links | {form["action"] for form in found.forms if form["method"] == "get"} - {"/preferences"}
            if "location" in fields:
                links.add(fields["location"])
            for link in sorted(links):
                to = urllib.parse.urlsplit(urllib.parse.urljoin(f"{self.server.url}{path}", link))
                if to.netloc == f"{self.server.host}:{self.server.port}":
                    todo.append(to.path + (f"?{to.query}" if to.query else ""))
        return self


def sign_in(server):
    """The cookie of a session of the admin, as Set-Cookie has it."""
    body = json.dumps({"name": "admin-one", "password": PASSWORD})
    status, fields, _ = server.ask("POST", "/api/v1/session", {"Content-Type": "application/json"}, body)
    assert status == 200, f"signing in is answered {status}"
    return [value for name, value in fields if name == "set-cookie"]


def raw(server, request):
    """The answer to bytes that no library would send, up to where the server closes or says no more for a while."""
    answer = b""
    with socket.create_connection((server.host, server.port), timeout=20) as stream:
        stream.sendall(request)
        # Not shut down for writing: to a server that is going away, before it has answered.
        try:
            while part := stream.recv(65536):
                answer += part
                stream.settimeout(2)
        except (TimeoutError, ConnectionResetError):
            pass
    return answer
