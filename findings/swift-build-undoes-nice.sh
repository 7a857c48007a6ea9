#!/usr/bin/env bash
# SwiftPM run by root, as in most containers: what it starts has niceness 0 again, whatever `nice` said.
#
# Expected: `nice -n 7 swift build` compiles at niceness 7, as `make` and `ninja` would: children inherit it.
# Found:    swift-build itself has 7, but the commands that it runs have 0. Someone who may not lower niceness keeps the 7, so
#           it is seen only by root, and a build that was meant to stay in the background takes half of the machine from
#           what runs beside it.
# Instead:  `chrt --idle 0 swift build`: the scheduling policy is inherited, and lets a build have what nobody else wants.
# Versions: Swift 6.3.1 for Linux. Found on 2026-11-29.
# Output of this script then:
#   niceness of the compiler below nice -n 7: 0
#   its policy below chrt --idle 0: SCHED_IDLE
#
# Ends with 0 while that is so, with 1 when it has changed. Needs to be root, swift 6.3.1, and chrt of util-linux.
set -euo pipefail
if [[ $(id -u) != 0 ]] || ! swift --version 2>/dev/null | grep -q "Swift version 6.3.1 "; then
  echo "needs to be root and Swift 6.3.1" >&2
  exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir -p Sources/Sum/include
cat > Package.swift <<'SWIFT'
// swift-tools-version: 6.0
import PackageDescription

let package = Package(name: "Sum", targets: [.target(name: "Sum")])
SWIFT
echo 'int sum(int a, int b);' > Sources/Sum/include/sum.h
printf '#include "sum.h"\nint sum(int a, int b) { return a + b; }\n' > Sources/Sum/sum.c
# A C compiler that tells how it was started.
cat > cc <<'BASH'
#!/usr/bin/env bash
[[ " $* " != *" -c "* ]] || { nice; chrt --pid $$ | sed -n 's/.*policy: //p'; } > "$SEEN"
exec clang "$@"
BASH
chmod +x cc
export CC=$folder/cc SEEN=$folder/seen

nice -n 7 swift build --scratch-path one > one.log 2>&1 || { cat one.log; exit 1; }
niceness=$(sed -n 1p seen)
chrt --idle 0 swift build --scratch-path two > two.log 2>&1 || { cat two.log; exit 1; }
policy=$(sed -n 2p seen)
echo "niceness of the compiler below nice -n 7: $niceness"
echo "its policy below chrt --idle 0: $policy"
[[ $niceness == 0 && $policy == SCHED_IDLE ]]
