#!/usr/bin/env bash
# The house rules that the formatter does not know, over the files that git tracks.
set -euo pipefail
cd "$(dirname "$0")/.."

largest_file=1000000       # bytes
largest_figure=400000      # bytes, each picture under docs/
all_figures=7000000        # bytes, the pictures under docs/ together

problems=0
problem() {
  echo "lint: $*" >&2
  problems=$((problems + 1))
}

tracked=$(mktemp)
trap 'rm -f "$tracked"' EXIT
git -c safe.directory="$PWD" ls-files -z >"$tracked"
command -v python3 >/dev/null || echo "lint: no python3; Python files go unchecked"

figures=0
while IFS= read -r -d '' file; do
  [[ -f $file ]] || continue   # removed, and not committed yet
  size=$(($(wc -c <"$file")))

  case $file in
    Package.resolved | */Package.resolved | .build*/* | */.build*/*)
      problem "$file: comes from a build; do not track it" ;;
    docs/*.png | docs/*.jpg | docs/*.jpeg | docs/*.gif | docs/*.svg)
      figures=$((figures + size))
      ((size <= largest_figure)) || problem "$file: $size bytes; a figure has at most $largest_figure" ;;
    *)
      ((size <= largest_file)) || problem "$file: $size bytes; a file has at most $largest_file" ;;
  esac

  case $file in
    Package.swift | */Package.swift)
      ! grep -n 'unsafeFlags' "$file" >&2 ||
        problem "$file: unsafeFlags would keep other packages from depending on this one" ;;
    *.swift)
      ! grep -n '^import XCTest' "$file" >&2 || problem "$file: tests are written with Swift Testing" ;;
    *.sh | .ci/run)
      bash -n "$file" || problem "$file: bash cannot parse it"
      [[ -x $file ]] || problem "$file: not executable" ;;
    *.py)
      # compile() and not py_compile, which would leave a file behind.
      ! command -v python3 >/dev/null ||
        python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$file" ||
        problem "$file: Python cannot parse it" ;;
  esac
done <"$tracked"

((figures <= all_figures)) || problem "docs/: $figures bytes of figures; together they have at most $all_figures"
((problems == 0)) || { echo "lint: $problems found" >&2; exit 1; }
echo "lint: the house rules hold"
