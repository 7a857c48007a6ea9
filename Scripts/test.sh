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

# The log keeps everything; the terminal is spared the lines that say that a test began.
status=0
swift test --skip-build --disable-xctest "${options[@]}" ${FILTER:+--filter "$FILTER"} 2>&1 |
  tee "$log" |
  { grep --line-buffered -v -E '^◇ |" started\.$' || true; } || status=$?

awk -v status="$status" -v log_name="$log" -f Scripts/test-summary.awk "$log"
