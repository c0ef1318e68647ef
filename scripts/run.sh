#!/usr/bin/env bash
# The whole set-up for a look at the program: builds it, starts simulated portals beside it, sets up sources, serves until Ctrl-C.
# Needs: git, make, and what build.sh needs. Keeps its data in ./var; a second run goes on with what is there.
# LISTEN=ADDRESS:PORT chooses another place to listen. The simulated portals take ports that are free, and end with this script.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

listen=${LISTEN:-127.0.0.1:2542}
data=$ROOT/var

need_cargo
bash scripts/build.sh
simulator=$(build_static portal-sim)/portal-sim
mkdir -p "$data/drop"
chmod 700 "$data"
blacklist() { target/release/blacklist --data-dir "$data" "$@"; }

# Each process that is started here gets a group of its own, so that Ctrl-C reaches the program alone, and the portals are still
# there when it logs out. make, which would turn a clean end into "Error 130", does not see the key either.
set -m
portals= watcher= addresses=$(mktemp)
finish() {
    rm -f "$addresses"
    # A group of its own has what the watcher waits with too.
    [ -z "$watcher" ] || kill -- "-$watcher" 2>/dev/null || true
    [ -z "$portals" ] || kill "$portals" 2>/dev/null || true
    wait
}
trap finish EXIT

# A new password each time, told to nobody but the two that need it.
password=$(head -c 18 /dev/urandom | base64)
PORTAL_SIM_PASSWORD=$password "$simulator" --rate 10 >"$addresses" </dev/null &
portals=$!
for _ in {1..100}; do
    if grep -q '^control ' "$addresses"; then break; fi
    kill -0 "$portals" 2>/dev/null || die "the simulated portals do not start"
    sleep 0.1
done
address() { sed -n "s/^$1 //p" "$addresses"; }
control=$(address control)
[ -n "$control" ] || die "the simulated portals do not say where they listen"

# portal KIND SCHEDULE: a source that logs in to a simulated portal, wherever that listens this time.
portal() {
    local kind=$1
    if ! has "$kind"; then
        say "$kind: a new source, collected every $2"
        blacklist source add "$kind" --kind "$kind" "url=$(address "$kind")" "schedule=$2" jitter=0s >/dev/null
    elif blacklist --json source show "$kind" | grep -q "\"kind\":\"$kind\""; then
        say "$kind: already there, goes on"
        blacklist source set "$kind" "url=$(address "$kind")" >/dev/null
    else
        warn "$kind is a source of files in ./var, so the portal is left out; without ./var it would be there"
        return
    fi
    blacklist credential set "$kind" --username demo --file - <<<"$password" >/dev/null
}
has() { blacklist source show "$1" >/dev/null 2>&1; }

portal regtech 1m
portal secudium 5m

# One line an example: file of examples/feeds, source it becomes.
while read -r file source; do
    if has "$source"; then
        say "$source: already there, kept"
        continue
    fi
    say "$source: importing examples/feeds/$file"
    blacklist import "examples/feeds/$file" --source "$source" </dev/null ||
        die "import of examples/feeds/$file ended with exit $?"
done <<'TEXT'
list.txt example-list
table.csv example-csv
feed.json example-json
TEXT

if ! has drop; then
    say "drop: a new source, takes in what is put into ./var/drop"
    blacklist source add drop --kind directory "path=$data/drop" mode=add schedule=5s settle=5s >/dev/null
    cp examples/feeds/feed.ndjson "$data/drop/"
fi

cat <<TEXT

Sign in:               http://$listen/ as admin. The first start shows its password below, once; this draws another:
                       target/release/blacklist --data-dir var user password admin --one-time
Feed for a FortiGate:  http://$listen/feeds/default/fortigate
Other forms of it:     /feeds/default/plain  paloalto  nftables  ipset  csv  json  ndjson
Figures, look-ups:     http://$listen/api/v1/stats  /api/v1/lookup?ip=1.2.3.4  /metrics  /api/v1/openapi.json
What was collected:    target/release/blacklist --data-dir var source list
A list of your own:    cp FILE var/drop/
Let a portal fail:     curl -X PUT $control/faults/maintenance     or zero_rows; DELETE ends it
All that can go wrong: curl $control/faults     (wrong_password shows with session_lost; a new start sets it right)
Manuals:               docs/ko  docs/en
REGTECH and SECUDIUM are simulated here, with made-up rows; ten new ones appear each minute.
Ctrl-C ends it; the data stays in ./var.

TEXT

code=0
target/release/blacklist --data-dir "$data" serve --listen "$listen" &
program=$!
if [ -t 0 ]; then
    fg %+ >/dev/null || code=$?
    exit "$code"
fi
# Without a terminal nobody presses keys: signals come to this script, and it hands them on.
trap 'kill -INT "$program" 2>/dev/null' INT
trap 'kill -TERM "$program" 2>/dev/null' TERM
# make hands a SIGTERM on, a SIGINT to itself alone it does not: it blocks that one and waits for this script.
made_to_stop() {
    local blocked
    blocked=$(sed -n 's/^SigBlk:[[:space:]]*//p' "/proc/$PPID/status" 2>/dev/null)
    [ -n "$blocked" ] && ((16#$blocked & 2))
}
if [ "$(cat "/proc/$PPID/comm" 2>/dev/null)" = make ]; then
    (
        until made_to_stop; do sleep 1; done
        kill -INT "$program"
    ) &
    watcher=$!
fi
while kill -0 "$program" 2>/dev/null; do
    code=0
    wait "$program" || code=$?
done
exit "$code"
