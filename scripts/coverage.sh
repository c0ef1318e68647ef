#!/usr/bin/env bash
# Which share of the workspace's lines the tests run, binaries started by end-to-end tests included; fails below 90 %.
# Leaves target/coverage/lcov.info. Counted by lines of lcov, merged over all test binaries.
#
# Not counted: xtask and portal-sim (tools of the project), tests/, and the `#[cfg(test)] mod` at the end of a file: code that
# only tests would lift the number without meaning anything.
# A process killed with SIGKILL writes no profile: what only killed programs ran counts as not run. The suite must not skip: a
# test that does not run covers nothing, so the skips are printed and the number then says less than it seems to.
#
# After scripts/test.sh with BLACKLIST_TESTS=instrumented, and with no source changed since, that run's profile is used.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

floor=${BLACKLIST_COVERAGE_FLOOR:-90}
ignore='(^|/)(xtask|tests|crates/portal-sim)/'
out=target/coverage
lcov=$out/lcov.info

need_cargo
need_compiler || die "no C compiler"
need_component llvm-tools
need_tool cargo-nextest cargo-nextest "$NEXTEST_VERSION"
need_tool cargo-llvm-cov cargo-llvm-cov "$LLVM_COV_VERSION"
mkdir -p "$out"

fresh() {
    [ -f target/coverage.stamp ] &&
        [ -z "$(find crates xtask tests Cargo.toml Cargo.lock -newer target/coverage.stamp -type f -print -quit)" ]
}

run_instrumented() {
    export BLACKLIST_TEST_SKIPS=$ROOT/$out/skips
    : >"$BLACKLIST_TEST_SKIPS"
    if [ -x target/release/blacklist ]; then export BLACKLIST_STATIC_BINARY=$ROOT/target/release/blacklist; fi
    rm -f target/coverage.stamp
    cargo llvm-cov clean --workspace
    cargo llvm-cov nextest --no-report --workspace --locked --profile ci || return 1
    : >target/coverage.stamp
    [ ! -s "$BLACKLIST_TEST_SKIPS" ] || sed 's/^/!!! not run: /' "$BLACKLIST_TEST_SKIPS"
}

if fresh; then
    say "using the profile of the instrumented test run"
else
    stage "tests, instrumented" run_instrumented || die "the tests fail, so their coverage says nothing"
fi

# A process killed while it writes its profile leaves a torn one; the kill tests do that now and then. One torn profile must not
# cost all the others: only when none can be read is it an error.
cargo llvm-cov report --failure-mode all --lcov --output-path "$lcov" --ignore-filename-regex "$ignore"
[ -s "$lcov" ] || die "no coverage data: no test ran"

# A line of lcov is DA:LINE,COUNT. Lines from a file's test module on are dropped; the same line from two binaries counts once.
awk -v root="$ROOT/" -v floor="$floor" '
    function test_module(path,    text, number, marked) {
        while ((getline text < path) > 0) {
            number++
            if (marked && text ~ /^mod [a-z_]+ \{/) { close(path); return marked }
            marked = (text ~ /^#\[cfg\(test\)\]/) ? number : (marked && text ~ /^#\[/) ? marked : 0
        }
        close(path)
        return 0
    }
    /^SF:/ { file = substr($0, 4); if (!(file in end)) end[file] = test_module(file) }
    /^DA:/ {
        split(substr($0, 4), part, ",")
        if (end[file] && part[1] + 0 >= end[file]) next
        key = file ":" part[1]
        if (!(key in seen)) { seen[key] = 0; lines[file]++; total++ }
        if (part[2] + 0 > 0 && !seen[key]) { seen[key] = 1; hit[file]++; covered++ }
    }
    END {
        for (file in lines) {
            name = file; sub(root, "", name)
            printf "%6.1f %% %5d lines not run  %s\n", 100 * hit[file] / lines[file], lines[file] - hit[file], name | "sort -k3,3nr | head -20"
        }
        close("sort -k3,3nr | head -20")
        if (!total) { print "no line counted"; exit 1 }
        share = 100 * covered / total
        printf "\nline coverage: %.2f %% (%d of %d lines), at least %s %% wanted\n", share, covered, total, floor
        exit share < floor
    }' "$lcov"
