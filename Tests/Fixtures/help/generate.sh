#!/usr/bin/env bash
# Writes the help of impasto and of its commands, as the tests expect it; look at the difference before committing.
#
# Usage: Tests/Fixtures/help/generate.sh   (after `make build`)
set -euo pipefail
cd "$(dirname "$0")/../../.."

help() { COLUMNS=80 .build/release/impasto "$@" --help >"Tests/Fixtures/help/${1:-impasto}.txt" </dev/null; }

help
for command in transfer texture reconstruct batch studio study rerun resume compare features weights; do help "$command"; done
