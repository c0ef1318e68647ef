"""What the API's document leaves to a person's sense: how a value of each of our formats looks, and whom not to remove.

Loaded by schemathesis (schemathesis.toml). A format is a hint, so nothing is proved by it; without it nearly every generated
request would be refused for an address that is none, and what lies behind would never be reached.
"""

import os
import re

import schemathesis
from hypothesis import strategies as st

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

# Addresses that the program takes, with some that lie in what the scan's data directory lists.
octet = st.integers(0, 255)
hosts = st.builds("{}.{}.{}.{}".format, st.sampled_from([9, 11, 12, 51, 185]), octet, octet, octet)
networks = st.builds("{}.{}.{}.0/24".format, st.sampled_from([9, 11, 12, 51, 185]), octet, octet)
sixes = st.builds("2a00:{:x}:{:x}::/48".format, st.integers(1, 0xFFFF), st.integers(1, 0xFFFF))
ranges = st.builds("9.{0}.{1}.1-9.{0}.{1}.9".format, octet, octet)
days = st.builds("20{:02}-{:02}-{:02}".format, st.integers(30, 60), st.integers(1, 12), st.integers(1, 28))
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
spans = st.builds("{}{}".format, st.integers(1, 3650), st.sampled_from("mhd"))
ends = st.one_of(
    st.sampled_from(["source", "earlier(source,detected+90d)", "later(source,last_seen+7d)"]),
    st.builds("{}+{}d".format, st.sampled_from(["detected", "last_seen"]), st.integers(1, 365)),
)
visible = st.characters(categories=("L", "N", "P", "S"))

schemathesis.openapi.format("prefix", st.one_of(hosts, networks, sixes))
schemathesis.openapi.format("range", ranges)
schemathesis.openapi.format("ip", hosts)
schemathesis.openapi.format("moment", st.one_of(days, st.builds("{} {}".format, days, clocks), st.builds("{}T{}:00Z".format, days, clocks)))
schemathesis.openapi.format("date-time", st.builds("{}T{}:00Z".format, days, clocks))
schemathesis.openapi.format("span", spans)
schemathesis.openapi.format("end-rule", ends)
schemathesis.openapi.format("line", st.text(visible, min_size=1, max_size=100))
schemathesis.openapi.format("password", st.text(st.sampled_from(LETTERS), min_size=16, max_size=40))

# Whoever removes the account or the token that asks ends the scan: every answer from then on would be 401, which is
# documented. scan/api.py looks at the end whether the token is still good.
ROLE = os.environ["SCAN_ROLE"]
OWN = re.compile(rf"/api/v1/(?:users|tokens)/{ROLE}-(?:one|token)(?:/|$)")
ROLES = ["nobody", "viewer", "operator", "admin"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends what would hit the asking account or its token to one that is not there."""
    if case.method.upper() != "GET" and case.path_parameters and OWN.search(case.formatted_path):
        case.path_parameters["name"] = "somebody-else"


@schemathesis.hook
def map_body(context, body):
    """Whole numbers as every writer of JSON writes them: to a schema 5.0 is a whole number too, and no client sends that."""
    return whole(body)


def whole(value):
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.check
def rights_are_those_of_the_document(ctx, response, case):
    """Nobody is let in who may not by x-needs, and nobody is kept out for a role that is theirs."""
    needs = case.operation.definition.raw.get("x-needs")
    role = ROLES.index(ROLE)
    if needs is None or case.method.upper() != case.operation.method.upper():
        return None
    least = {"nothing": 0, "feed": 0, "anybody": 1, "nobody": 9}.get(needs)
    least = ROLES.index(needs) if least is None else least
    if role < least and response.status_code < 400:
        raise AssertionError(f"{ROLE} is answered {response.status_code} where {needs} is asked for")
    if role >= least > 0 and "this needs the role" in response.text:
        raise AssertionError(f"{ROLE} is refused where {needs} is asked for")
    return None
