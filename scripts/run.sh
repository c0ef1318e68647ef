#!/usr/bin/env bash
# The whole set-up for a look at the program: builds it, takes in the example feeds once, serves until Ctrl-C.
# Needs: git, make, and what build.sh needs. Keeps its data in ./var; a second run goes on with what is there.
# LISTEN=ADDRESS:PORT chooses another place to listen.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

listen=${LISTEN:-127.0.0.1:2542}
program=target/release/blacklist
data=var

need_cargo
bash scripts/build.sh
mkdir -p "$data"
chmod 700 "$data"

# One line an example: file of examples/feeds, source it becomes.
while read -r file source; do
    if "$program" --data-dir "$data" source show "$source" >/dev/null 2>&1; then
        say "$source: already there, kept"
        continue
    fi
    say "$source: importing examples/feeds/$file"
    "$program" --data-dir "$data" import "examples/feeds/$file" --source "$source" </dev/null ||
        die "import of examples/feeds/$file ended with exit $?"
done <<'TEXT'
regtech.xlsx regtech
secudium.xlsx secudium
list.txt example-list
table.csv example-csv
feed.json example-json
feed.ndjson example-ndjson
TEXT

cat <<TEXT

Feed for a FortiGate:  http://$listen/feeds/default/fortigate
Other forms of it:     /feeds/default/plain  paloalto  nftables  ipset  csv  json  ndjson
Figures:               http://$listen/api/v1/stats
Is it listed, why:     http://$listen/api/v1/lookup?ip=1.2.3.4
For Prometheus:        http://$listen/metrics
API, described:        http://$listen/api/v1/openapi.json
Manuals:               docs/ko  docs/en
Ctrl-C ends it; the data stays in ./$data.

TEXT

# On a terminal the program gets its own foreground group, so that Ctrl-C reaches it alone: make, which would turn a clean
# end into "Error 130", does not see the key. Without a terminal this shell simply becomes the program.
if [ -t 0 ]; then
    set -m
    "$program" --data-dir "$data" serve --listen "$listen" &
    code=0
    fg %1 >/dev/null || code=$?
    exit "$code"
fi
exec "$program" --data-dir "$data" serve --listen "$listen"
