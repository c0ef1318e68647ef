# The one front door. Each target is one script of scripts/, which says at its head what it needs and what it leaves.

.DEFAULT_GOAL := help
.PHONY: help build run test bench coverage scan scan-http fmt

help:        ## this list
	@sed -n 's/^\([a-z][a-z-]*\): *## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

build:       ## the static release program: target/release/blacklist
	@bash scripts/build.sh

run:         ## build, collect from simulated portals, serve on 127.0.0.1:2542 (LISTEN=ADDRESS:PORT for another)
	@LISTEN='$(LISTEN)' exec bash scripts/run.sh

test:        ## install what the tests need, then everything: format, lints, tests, documents, program
	@bash scripts/test.sh

bench:       ## measure against other programs on the same data
	@bash scripts/bench.sh

coverage:    ## lines run by the tests; fails below 90 %
	@bash scripts/coverage.sh

scan:        ## dependencies, licences, advisories, secrets
	@bash scripts/scan.sh

scan-http:   ## the running server, asked by scanners of API and pages
	@bash scripts/http_scan.sh

fmt:         ## format the Rust code
	@cargo fmt --all
