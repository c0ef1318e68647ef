#!/usr/bin/env bash
# The whole set-up for the tests and all of them: installs what is missing, then runs stage by stage, stopping at the first
# that fails. Its last line is "N passed, N failed, N skipped"; exit 1 when anything failed.
#
# A test that cannot run on this machine (no root, no nft ...) writes one line to the file named by BLACKLIST_TEST_SKIPS;
# those lines are printed loudly and counted as skipped, never as passed.
#
# BLACKLIST_TESTS=instrumented runs the tests once under cargo-llvm-cov instead of plain, and leaves the profile to
# scripts/coverage.sh: continuous integration need not run them twice.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BLACKLIST_TEST_SKIPS=$work/skips
: >"$BLACKLIST_TEST_SKIPS"
began=$SECONDS
instrumented=${BLACKLIST_TESTS:-plain}

# finish CODE: what could not run, then the summary, always last. A failed stage without a failed test counts as one failure.
finish() {
    local code=$1 lines
    lines=$(sort -u "$BLACKLIST_TEST_SKIPS" | wc -l)
    if [ "$lines" -gt 0 ]; then
        say ""
        say "!!! $lines tests could NOT run here:"
        sort -u "$BLACKLIST_TEST_SKIPS" | sed 's/^/!!!   /'
        # They returned without a failure, so the runner took them for passed.
        passed=$((passed - lines)) skipped=$((skipped + lines))
    fi
    [ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
    say ""
    say "all stages: $((SECONDS - began)) s"
    mkdir -p target
    say "$passed passed, $failed failed, $skipped skipped" | tee target/test-summary
    [ "$failed" = 0 ] || exit 1
    exit 0
}
step() { stage "$@" || finish 1; }

# number WORD FILE: the sum of "N WORD" over the lines of a file.
number() { grep -oE "[0-9]+ $1" "$2" | awk '{ n += $1 } END { print n + 0 }'; }

get_tools() {
    need_cargo || return 1
    need_compiler || return 1
    need_debian nft=nftables ipset=ipset ip=iproute2 iprange=iprange nginx=nginx-light strace=strace jq=jq python3=python3 \
        wrk=wrk unshare=util-linux readelf=binutils || warn "tests that need these will say SKIPPED"
    # Not with the others: where one of these cannot be had, only the tests with a browser cannot run.
    need_debian chromium=chromium node=nodejs npm=npm && need_packages tests/browser ||
        warn "the tests with a browser will say SKIPPED"
    need_component rustfmt && need_component clippy && need_component llvm-tools &&
        need_tool cargo-nextest cargo-nextest "$NEXTEST_VERSION"
    if [ "$instrumented" = instrumented ]; then need_tool cargo-llvm-cov cargo-llvm-cov "$LLVM_COV_VERSION"; fi
}

run_tests() {
    local code=0 log=$work/nextest
    local runner=(cargo nextest run)
    if [ "$instrumented" = instrumented ]; then
        rm -f target/coverage.stamp
        cargo llvm-cov clean --workspace
        runner=(cargo llvm-cov nextest --no-report)
    fi
    "${runner[@]}" --workspace --locked --profile ci --color never 2>&1 | tee "$log" || code=$?
    grep -E '^ +Summary \[' "$log" | tail -1 >"$log.summary" || true
    passed=$((passed + $(number passed "$log.summary")))
    failed=$((failed + $(number failed "$log.summary") + $(number 'timed out' "$log.summary") + $(number 'exec failed' "$log.summary")))
    skipped=$((skipped + $(number skipped "$log.summary")))
    if [ "$code" = 0 ] && [ "$instrumented" = instrumented ]; then : >target/coverage.stamp; fi
    return "$code"
}

run_doc_tests() {
    local code=0 log=$work/doc
    cargo test --workspace --locked --doc --no-fail-fast --color never 2>&1 | tee "$log" || code=$?
    grep '^test result:' "$log" >"$log.summary" || true
    passed=$((passed + $(number passed "$log.summary"))) failed=$((failed + $(number failed "$log.summary")))
    skipped=$((skipped + $(number ignored "$log.summary")))
    return "$code"
}

# A check of the main job written apart from this tree, where there is one beside it.
run_outside_check() {
    local code=0 log=$work/outside
    # The program takes variables that begin with its name for settings, and refuses those it does not know.
    local name without=()
    for name in $(compgen -e | grep '^BLACKLIST_' || true); do without+=(-u "$name"); done
    env "${without[@]}" python3 ../shared/checks/main_job.py target/release/blacklist | tee "$log" || code=$?
    passed=$((passed + $(grep -c '^ok ' "$log" || true))) failed=$((failed + $(grep -c '^FAIL ' "$log" || true)))
    return "$code"
}

step "install what is missing" get_tools
step "format" cargo fmt --all --check
step "lints" cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS='-D warnings' step "documentation" cargo doc --workspace --no-deps --locked --quiet
# Before the tests: one of them watches the release program under strace.
step "static release program" bash scripts/build.sh
export BLACKLIST_STATIC_BINARY=$ROOT/target/release/blacklist
step "tests ($instrumented)" run_tests
step "tests in documentation" run_doc_tests
if [ -f ../shared/checks/main_job.py ]; then
    step "main job from outside" run_outside_check
else
    say ""
    say "not run: the check of the main job from outside (no main_job.py beside this tree); the tests above do not need it"
fi
finish 0
