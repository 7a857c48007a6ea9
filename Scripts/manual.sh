#!/usr/bin/env bash
# Writes impasto's man page from its own help to standard output.
#
# Usage: Scripts/manual.sh PROGRAM
set -euo pipefail

program=$1
help() { COLUMNS=80 "$program" "$@" --help </dev/null; }

# Help as it is printed, as roff: paragraphs, and options with what stands beside or below them.
roff() {
  awk "$@" '
    function plain(text) { gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); if (text ~ /^[.\x27]/) text = "\\&" text; return text }
    function end_option() { if (name != "") { print ".TP"; print ".B " plain(name); if (what != "") print plain(what); name = what = "" } }
    /^OVERVIEW: / { sub(/^OVERVIEW: /, ""); print plain($0); next }
    /^USAGE: / { end_option(); sub(/^USAGE: /, ""); usage = $0; inside = 1; next }
    inside && /^  +/ && !heading { sub(/^ +/, ""); usage = usage " " $0; next }
    /^[A-Z][A-Za-z ]*:$/ {
      end_option()
      if (usage != "") { print ".PP"; print ".B " plain(usage); usage = "" }
      heading = $0; sub(/:$/, "", heading)
      if (skips && heading == "SUBCOMMANDS") { hidden = 1; next }
      hidden = 0
      print ".PP"; print ".I " plain(tolower(heading)); next
    }
    hidden { next }
    /^  See / { next }
    heading && /^  [^ ]/ {
      end_option()
      line = substr($0, 3)
      # What an option does begins in the 27th column, or on the next line.
      if (substr(line, 24, 1) == " ") { name = substr(line, 1, 23); what = substr(line, 25) } else name = line
      sub(/ +$/, "", name)
      next
    }
    heading && /^   +[^ ]/ { sub(/^ +/, ""); what = what == "" ? $0 : what " " $0; next }
    /^$/ { if (!heading && !inside) print ".PP"; next }
    { print plain($0) }
    END { end_option(); if (usage != "") { print ".PP"; print ".B " plain(usage) } }
  '
}

version=$("$program" --version)
commands=$(help | awk '/^SUBCOMMANDS:/ { inside = 1; next } inside && /^  [a-z]/ { print $1 } inside && /^$/ { exit }')

cat <<END
.TH IMPASTO 1 "" "impasto $version" "User Commands"
.SH NAME
impasto \- repaints a photograph in the style of a painting
.SH SYNOPSIS
.B impasto
.I command
.RI [ options ]
.SH DESCRIPTION
END
help | roff -v skips=1
echo ".SH COMMANDS"
for command in $commands; do
  echo ".SS impasto $command"
  help "$command" | roff
done
cat <<'END'
.SH FILES
.TP
.I ~/.cache/impasto
VGG\-19's weights, which 'make weights' fetches; $XDG_CACHE_HOME/impasto where that is set.
.SH SEE ALSO
.BR ffmpeg (1),
.BR parallel (1),
.BR sbatch (1)
END
