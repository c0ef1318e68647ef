#!/usr/bin/env bash
# Runs the benchmarks of xtask: peers and this program in turns on the same data, printed as ratios. No time is a test.
# Needs: what build.sh needs; iprange, wrk, nginx, rbldnsd and ipset where a comparison uses them (installed by apt as root).
set -euo pipefail
. "$(dirname "$0")/lib.sh"

need_cargo
need_debian iprange=iprange wrk=wrk nginx=nginx-light rbldnsd=rbldnsd ipset=ipset || warn "comparisons with missing programs will be left out"
bash scripts/build.sh
exec cargo run --release --locked -q -p xtask -- bench "$@"
