#!/usr/bin/env bash
# What may be wrong without a test failing: licences and origin of dependencies, published advisories, libraries that must not
# creep in, unsafe code, secrets in the tree. (The security lints of clippy run in scripts/test.sh.)
#
# Advisories: BLACKLIST_ADVISORY_DB names a directory with a copy of the RustSec database; else ../shared/advisory-db if it is
# there; else the database is fetched. When none of them works that part is printed as skipped, not as clean.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

need_cargo
need_tool cargo-deny cargo-deny "$DENY_VERSION"
need_tool cargo-audit cargo-audit "$AUDIT_VERSION"
# Licences are read from the crates themselves, so they have to be here; without network they must be already.
cargo fetch --locked --quiet || warn "cargo fetch failed; going on with the crates that are here"

failures=() unchecked=
part() { stage "$@" || failures+=("$1"); }

dependencies() { cargo deny --offline check --hide-inclusion-graph bans licenses sources; }

advisories() {
    local database=${BLACKLIST_ADVISORY_DB:-}
    if [ -z "$database" ] && [ -d ../shared/advisory-db/crates ]; then database=../shared/advisory-db; fi
    if [ -n "$database" ]; then
        cargo audit --no-fetch --stale --db "$database" --deny unsound --deny yanked
        return
    fi
    local code=0 log
    log=$(mktemp)
    cargo audit --deny unsound --deny yanked 2>&1 | tee "$log" || code=$?
    if [ "$code" != 0 ] && grep -qiE "couldn't fetch|failed to fetch|git operation failed|error: .*advisory database" "$log"; then
        say "!!! SKIPPED: advisories: no copy of the database is given and it cannot be fetched"
        unchecked="; NOT checked: advisories"
        code=0
    fi
    rm -f "$log"
    return "$code"
}

# Each of these would bring a second TLS stack, a second library of dates or one more C library into the static program. Not among
# them is aws-lc-sys: it is the one crypto provider, chosen on purpose. cargo-deny watches the whole lock file; this watches
# what is really linked into the program, on every platform.
heavy_crates() {
    local tree name found=0
    tree=$(cargo tree --locked -p cli -e normal,build --target all --prefix none --format '{p}' | awk '{ print $1 }' | sort -u)
    for name in ring openssl-sys native-tls chrono libpq-sys mysqlclient-sys libgit2-sys curl-sys paste serde_yaml calamine; do
        if grep -qx "$name" <<<"$tree"; then
            say "$name is in the program:"
            cargo tree --locked -p cli -e normal,build --target all -i "$name" || true
            found=1
        fi
    done
    say "$(wc -l <<<"$tree") crates in the program"
    return "$found"
}

# Unsafe code is denied by a lint of the workspace: so every crate has to take those lints, and none may switch them off.
unsafe_code() {
    local manifest bad=0
    grep -qE '^unsafe_code = "(deny|forbid)"' Cargo.toml || { say "Cargo.toml no longer denies unsafe code"; bad=1; }
    for manifest in crates/*/Cargo.toml xtask/Cargo.toml; do
        grep -A1 '^\[lints\]' "$manifest" | grep -q '^workspace = true' || { say "$manifest does not take the lints of the workspace"; bad=1; }
    done
    if grep -rnE '(allow|expect)\(.*unsafe_code' --include='*.rs' crates xtask tests; then
        say "unsafe code is switched on above"
        bad=1
    fi
    return "$bad"
}

# Shapes that are secrets wherever they stand. Generated ones (tests, simulated portals) are made at run time, so no exception
# list is needed; a line that must keep an example carries the words "not a secret".
secrets() {
    local shapes=(
        '-----BEGIN [A-Z ]*PRIVATE'' KEY-----'
        'AKIA[0-9A-Z]{16}'
        'gh[pousr]_[A-Za-z0-9]{36}'
        'xox[abprs]-[A-Za-z0-9-]{10,}'
        'glpat-[A-Za-z0-9_-]{20}'
        'eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}'
        'regtech-va=Bearer[A-Za-z0-9]'
        '(postgres|postgresql|mysql|https?)://[A-Za-z0-9_.-]+:[^@/ <>{}$"]{6,}@'
        '^[[:space:]]*(password|passwd|secret|api_key|token)[[:space:]]*=[[:space:]]*"[^"<>{}$]{8,}"'
    )
    local pattern found
    pattern=$(IFS='|'; printf '%s' "${shapes[*]}")
    found=$(tracked | xargs -0 grep -nIE -e "$pattern" -- 2>/dev/null | grep -v 'not a secret' || true)
    if [ -n "$found" ]; then
        # The place is shown, not the secret: this output is kept.
        cut -d: -f1,2 <<<"$found"
        return 1
    fi
    found=$(tracked | tr '\0' '\n' | grep -E '(^|/)(id_(rsa|ecdsa|ed25519)|.*\.(p12|pfx|keystore|jks)|\.env)$' || true)
    [ -z "$found" ] || { say "files that hold secrets by their name: $found"; return 1; }
}
tracked() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . -path ./target -prune -o -path ./var -prune -o -type f -print0
    fi
}

part "bans, licences, sources" dependencies
part "advisories" advisories
part "libraries that must stay out" heavy_crates
part "unsafe code" unsafe_code
part "secrets in the tree" secrets

say ""
if [ ${#failures[@]} -gt 0 ]; then
    say "scan: ${#failures[@]} of 5 parts failed: $(IFS=','; printf '%s' "${failures[*]}")"
    exit 1
fi
say "scan: nothing found$unchecked"
