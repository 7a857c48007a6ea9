#!/usr/bin/env bash
# Puts impasto, its man page and its completions in place, or takes them away again.
#
# Usage: [PREFIX=/usr/local] [DESTDIR=] [IMPASTO=.build/release/impasto] Scripts/install.sh install|uninstall
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${DESTDIR:-}${PREFIX:-/usr/local}
program=${IMPASTO:-.build/release/impasto}
files=(
  bin/impasto
  share/man/man1/impasto.1
  share/bash-completion/completions/impasto
  share/zsh/site-functions/_impasto
  share/fish/vendor_completions.d/impasto.fish
)

case ${1:-} in
  install)
    [[ -x $program ]] || { echo "install: no $program; run 'make build' first" >&2; exit 1; }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # All of it is made before any of it is put in place.
    Scripts/manual.sh "$program" >"$work/1"
    for shell in bash zsh fish; do "$program" --generate-completion-script $shell >"$work/$shell"; done
    sources=("$program" "$work/1" "$work/bash" "$work/zsh" "$work/fish")
    for index in "${!files[@]}"; do
      mode=644
      [[ ${files[$index]} != bin/* ]] || mode=755
      install -D -m $mode "${sources[$index]}" "$prefix/${files[$index]}"
      echo "$prefix/${files[$index]}"
    done
    ;;
  uninstall)
    for file in "${files[@]}"; do
      [[ ! -e $prefix/$file ]] || { rm "$prefix/$file"; echo "$prefix/$file is gone"; }
    done
    ;;
  *)
    echo "Usage: Scripts/install.sh install|uninstall" >&2
    exit 64
    ;;
esac
