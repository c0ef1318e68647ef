# shellcheck shell=bash
# What the scripts of this directory share: talking, timing, and getting what is missing.
# Sourced, never run. The caller has set -euo pipefail; every function answers by its exit code.

# The top of the tree; every script works from there, wherever it was called.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Tools that cargo installs when absent, with the versions this tree was last checked with.
NEXTEST_VERSION=0.9.143
LLVM_COV_VERSION=0.9.1
DENY_VERSION=0.20.2
AUDIT_VERSION=0.22.2

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# stage NAME COMMAND...: runs it under a banner and prints what it took. The command's exit code is the answer.
stage() {
    local name=$1 began=$SECONDS code=0
    shift
    say ""
    say "=== $name"
    "$@" || code=$?
    if [ "$code" = 0 ]; then
        say "=== $name: done in $((SECONDS - began)) s"
    else
        say "=== $name: FAILED (exit $code) after $((SECONDS - began)) s"
    fi
    return "$code"
}

# cargo is the one thing no script fetches by itself: how a machine gets its toolchain is its owner's decision.
need_cargo() {
    have cargo && return 0
    [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
    have cargo && return 0
    cat >&2 <<'TEXT'
error: no Rust toolchain found (cargo is missing).
  With internet:   curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
                   . "$HOME/.cargo/env"
  Debian's own rustc (apt install cargo) is older than rust-version in Cargo.toml and will not do.
TEXT
    return 1
}

APT_UPDATED=
# need_debian COMMAND=PACKAGE...: installs the packages whose command is not there. As root by apt; else names them and fails.
need_debian() {
    local pair missing=()
    for pair in "$@"; do
        PATH="$PATH:/usr/sbin:/sbin" have "${pair%%=*}" || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} = 0 ] && return 0
    if ! have apt-get; then
        warn "missing, and this is not a Debian: ${missing[*]}"
        return 1
    fi
    if ! is_root; then
        warn "missing: run as root: apt-get install -y --no-install-recommends ${missing[*]}"
        return 1
    fi
    say "installing Debian packages: ${missing[*]}"
    if [ -z "$APT_UPDATED" ]; then
        apt-get update -qq >/dev/null || warn "apt-get update failed; trying with the lists that are here"
        APT_UPDATED=1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_packages DIRECTORY: what its package-lock.json names, from npm, running no script of any package.
need_packages() {
    local lock=$1/package-lock.json modules=$1/node_modules
    [ "$modules/.package-lock.json" -nt "$lock" ] && return 0
    have npm || return 1
    say "installing the npm packages of $1"
    npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --silent >/dev/null
}

# SQLite is compiled from its C source and the linker is called through cc.
need_compiler() { need_debian cc=gcc cc=libc6-dev; }

# need_component NAME: a rustup component of the toolchain in use.
need_component() {
    have rustup || return 0
    rustup component list --installed | grep -q "^$1" && return 0
    say "adding rustup component $1"
    rustup component add "$1"
}

# need_tool COMMAND CRATE VERSION: a cargo tool, built for a short build rather than a quick tool: it runs once or twice.
need_tool() {
    have "$1" && return 0
    say "installing $2 ${3:-} (a few minutes, once)"
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$ROOT/target/tools" \
        cargo install --locked --quiet ${3:+--version "$3"} "$2"
}

# The target triple of this machine.
host_triple() { rustc -vV | sed -n 's/^host: //p'; }

# build_static PACKAGE: its programs, each as one static file, in the directory that is printed last. The target is named even
# though it is the host: without it crt-static would also hit build scripts and procedural macros.
build_static() {
    local triple
    triple=$(host_triple)
    RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" \
        cargo build --release --locked --target "$triple" -p "$1" >&2 || return
    say "${CARGO_TARGET_DIR:-target}/$triple/release"
}
