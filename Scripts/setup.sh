#!/usr/bin/env bash
# Makes sure that what the build needs is there. Does nothing, and asks no one, when it is.
#
# Usage: Scripts/setup.sh [swift] [libraries] [curl] [pip] [python]
set -euo pipefail

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# Installs those of the Debian packages named that are missing.
debian_packages() {
  local missing=() package
  for package in "$@"; do
    # The status, not the exit code, tells an installed package from one that was removed.
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == "install ok installed" ]] ||
      missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  local by_hand="install by hand, as root: apt-get install ${missing[*]}"
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || fail "missing packages, and no sudo to install them with;" "$by_hand"
    # Without a terminal nobody can answer a question for a password.
    if [[ -t 0 ]]; then as_root=(sudo); else as_root=(sudo -n); fi
  fi
  local apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive
    apt-get --quiet --yes -o DPkg::Lock::Timeout=120)

  echo "setup: installing ${missing[*]}"
  "${apt[@]}" update >/dev/null || echo "setup: apt-get update failed; trying with the lists there are" >&2
  "${apt[@]}" install --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install the packages;" "$by_hand"
}

brew_formulas() {
  command -v brew >/dev/null || fail "install Homebrew (https://brew.sh), then: brew install $*"
  brew list --versions "$@" >/dev/null || fail "missing libraries; install them: brew install $*"
}

require_swift() {
  local get_swift="install Swift 6.3 or newer: https://www.swift.org/install"
  command -v swift >/dev/null || fail "no swift in PATH;" "$get_swift"
  local banner version
  banner=$(swift --version 2>/dev/null) || fail "swift --version failed;" "$get_swift"
  version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$banner")
  local major=${version%%.*} minor=${version##*.}
  ((${major:-0} > 6 || (${major:-0} == 6 && ${minor:-0} >= 3))) ||
    fail "Swift ${version:-of an unknown version} is too old;" "$get_swift"
}

require_libraries() {
  if command -v apt-get >/dev/null; then
    debian_packages libopenblas-dev liblapacke-dev libpng-dev libjpeg-dev
  elif [[ $(uname) == Darwin ]]; then
    brew_formulas openblas libpng jpeg-turbo
  else
    echo "setup: this system has no apt-get; the headers of OpenBLAS, LAPACKE, libpng (with zlib) and libjpeg must be there"
  fi
}

# Usage: require_command DEBIAN-PACKAGE COMMAND [ARGUMENT ...]; the command's exit status tells.
require_command() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 && return
  command -v apt-get >/dev/null || fail "needed and not there: ${*:1:3}"
  debian_packages ca-certificates "$package"
}

for need in "$@"; do
  case $need in
    swift) require_swift ;;
    libraries) require_libraries ;;
    curl) require_command curl curl --version ;;
    python) require_command python3 python3 --version ;;
    pip) require_command python3-pip python3 -m pip --version ;;
    *) fail "unknown need: $need" ;;
  esac
done
