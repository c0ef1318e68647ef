#!/usr/bin/env bash
# The running server, asked by scanners: its API by schemathesis, as its own document says (tests/scan/api.py), its pages by
# wapiti (tests/scan/scanner.py) and by a list of our own for what that does not look at (tests/scan/pages.py). Finds nothing,
# or fails. Only 127.0.0.1 is asked; every server has a data directory of its own, and both are gone at the end.
#
# Program: BLACKLIST_STATIC_BINARY, else the release build, else the debug build. Needs python3 with venv; the scanners come from
# PyPI into target/scan, once. Without them those parts are counted as skipped, not as passed.
# SCAN_EXAMPLES (10): generated requests for each operation. SCAN_SEED (1). SCAN_SECONDS (25): how long wapiti follows links; the attacks take about as long again.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

OUT=$ROOT/target/scan
export PYTHONDONTWRITEBYTECODE=1

program() {
    local found
    for found in "${BLACKLIST_STATIC_BINARY:-}" "${CARGO_TARGET_DIR:-target}/release/blacklist" "${CARGO_TARGET_DIR:-target}/debug/blacklist"; do
        [ -n "$found" ] && [ -x "$found" ] && { say "$found"; return; }
    done
    die "no program to ask: cargo build --release -p cli, or name one in BLACKLIST_STATIC_BINARY"
}

# environment NAME: a Python of its own with what tests/scan/NAME.txt lists. Made anew when that list changes.
environment() {
    local dir=$OUT/$1 list=tests/scan/$1.txt
    cmp -s "$list" "$dir/made-from" && return
    rm -rf "$dir"
    python3 -m venv "$dir" && "$dir/bin/pip" install --quiet --disable-pip-version-check --requirement "$list" && cp "$list" "$dir/made-from"
}

passed=0 failed=0 skipped=0
# part NAME COMMAND...: its last line counts; without one it failed.
part() {
    local name=$1 log=$OUT/part.log counts
    shift
    stage "$name" "$@" 2>&1 | tee "$log" || true
    if counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -1) && [ -n "$counts" ]; then
        # shellcheck disable=SC2086
        set -- ${counts//[^0-9 ]/}
        passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    else
        failed=$((failed + 1))
    fi
}
# missing NAME: a part whose scanner cannot be had.
missing() {
    say "!!! SKIPPED: $1: its scanner is not here and cannot be fetched from PyPI"
    skipped=$((skipped + 1))
}

need_debian python3=python3
python3 -c 'import ensurepip' 2>/dev/null || need_debian no-such-command=python3-venv
mkdir -p "$OUT"
binary=$(program)
say "asking $binary"

part "pages and assets" python3 tests/scan/pages.py "$binary"
if environment requirements; then
    part "the API by its document" "$OUT/requirements/bin/python" tests/scan/api.py "$binary" "$OUT"
else
    missing "the API by its document"
fi
if environment requirements-pages; then
    part "pages under attack" "$OUT/requirements-pages/bin/python" tests/scan/scanner.py "$binary" "$OUT"
else
    missing "pages under attack"
fi

rm -f "$OUT/part.log"
say ""
say "$passed passed, $failed failed, $skipped skipped" | tee "$OUT/summary"
[ "$failed" = 0 ]
