#!/usr/bin/env bash
# Builds the program as one static file, target/release/blacklist, and proves that it is static.
# Needs: a Rust toolchain, a C compiler. Network only when a crate of Cargo.lock is not there yet.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

need_cargo
need_compiler || die "no C compiler: install gcc and libc6-dev (SQLite and aws-lc are compiled from source)"

built=$(build_static cli)/blacklist
program=target/release/blacklist
mkdir -p target/release
# A new name first: a running program keeps its old file instead of failing the build with "text file busy".
cp --remove-destination "$built" "$program.new"
mv -f "$program.new" "$program"

# The proof reads the file, not the linker's good intentions: no interpreter asked for, no library needed.
if have readelf; then
    if readelf -lW "$program" | grep -q INTERP; then die "$program asks for a dynamic loader: it is not static"; fi
    if readelf -dW "$program" | grep NEEDED; then die "$program needs the libraries above: it is not static"; fi
elif ldd "$program" 2>&1 | grep -qv -e 'statically linked' -e 'not a dynamic executable'; then
    die "$program is linked to libraries: $(ldd "$program")"
fi
say "$program: static, $(($(stat -c %s "$program") / 1024)) KiB"
