#!/usr/bin/env bash
# `swift build`, with a word of how long a first build takes, and a sign of life where a minute passes without a line.
#
# Usage: Scripts/build.sh [OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.build
for ((index = 1; index < $#; index++)); do
  if [[ ${!index} == --scratch-path ]]; then next=$((index + 1)); folder=${!next}; fi
done
[[ -d $folder ]] || echo "The first build takes some five minutes on two cores, and half of them at its last lines."

{
  seconds=0
  while sleep 30; do
    seconds=$((seconds + 30))
    echo "… still building, $((seconds / 60)) min $(printf %02d $((seconds % 60))) s"
  done
} 2>/dev/null &
life=$!
# Its sleep goes with it, which the shell would tell with a word of its own.
trap 'pkill -P $life 2>/dev/null || true; kill $life 2>/dev/null || true; wait $life 2>/dev/null || true' EXIT
swift build "$@"
