#!/usr/bin/env bash
# Builds the tests in release mode and runs them; ends with the line 'N passed, N failed[, N skipped]'.
#
# Usage: [FILTER=REGEX] Scripts/test.sh BUILD-FOLDER [BUILD OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$1
shift
options=(-c release -Xswiftc -enable-testing --scratch-path "$scratch" "$@")
log="$scratch/test-output.txt"

# Tests are built with other settings than the program, once and then what changed; what it takes is told.
began=$SECONDS
Scripts/build.sh --build-tests "${options[@]}"
echo "built in $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s; all tests run for some minutes more"

# Hundreds of tests end a process on purpose, and each would read megabytes of debug information to say where; those that
# look at the line ask for it themselves.
export SWIFT_BACKTRACE=enable=no

# What tests that are killed leave behind goes when these end, or with the next run. Those that are run without this
# script leave it in the system's folder, where it is swept after a day.
system=${TMPDIR:-/tmp}
for folder in "$system"/impasto-tests.*.*; do
  owner=${folder#"$system"/impasto-tests.}
  [[ ! -O $folder ]] || kill -0 "${owner%%.*}" 2>/dev/null || rm -rf "$folder"
done
find "$system" -maxdepth 1 -name 'impasto-????????-????-????-????-????????????*' -user "$(id -u)" -mmin +1440 \
  -exec rm -rf {} + 2>/dev/null || true
TMPDIR=$(mktemp -d "$system/impasto-tests.$$.XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# The log keeps everything; the terminal is spared the lines that say that a test began.
status=0
swift test --skip-build --disable-xctest "${options[@]}" ${FILTER:+--filter "$FILTER"} 2>&1 |
  tee "$log" |
  { grep --line-buffered -v -E '^◇ |" started\.$' || true; } || status=$?

awk -v status="$status" -v log_name="$log" -f Scripts/test-summary.awk "$log"
