#!/usr/bin/env bash
# Swift, optimised for x86-64: a closure that ends in copying memory leaves a number where the error is looked for.
#
# Expected: a closure that throws nothing may be passed where one may throw (`rethrows`), whatever it does; the register in
#           which an error would be returned, r12, is empty when it comes back.
# Found:    where the last thing that the closure does is to copy elements, memmove is jumped to rather than called, and
#           on that way r12, used for numbers before, is not put back as it is on the other way out. The function that
#           called the closure takes the number for an error and returns at once: an initialiser that rethrows leaves its
#           value as it was, which is whatever the stack held. Without -O all is right. It takes a closure that needs
#           many registers, here one that copies three planes, whose loop is unrolled.
# Here:     `Tensor(shape:fill:)` takes a closure that cannot throw, so that there is no error to look for.
# Versions: Swift 6.3.1, x86-64 Linux. Found on 2026-11-29.
# Output of this script then:
#   the closure keeps r12 at its beginning
#   it puts r12 back before it returns
#   it jumps to memmove without putting r12 back
#
# Only compiles; nothing of it is run. Ends with 0 while that is so, with 1 when it has changed. Needs swiftc 6.3.1.
set -euo pipefail
if ! swiftc --version 2>/dev/null | grep -q "Swift version 6.3.1 .*" || [[ $(uname -m) != x86_64 ]]; then
  echo "needs swiftc 6.3.1 on x86-64: $(swiftc --version 2>&1 | head -1)" >&2
  exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Boxes.swift <<'SWIFT'
public struct Box<Element> {
  public var elements: [Element]

  public init(count: Int, fill: (UnsafeMutableBufferPointer<Element>) throws -> Void) rethrows {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    defer { memory.deallocate() }
    try fill(memory)
    elements = Array(memory)
  }
}
SWIFT
cat > Planes.swift <<'SWIFT'
import Boxes

public struct Planes {
  public let width, height: Int
  public let colour: [Float]
  public var opacity: [Float]?
  public var name: String?
  public var digest: String?

  @inline(never)
  public func rows(_ rows: Range<Int>, shift: Int, gap: Int) -> Box<Float> {
    Box(count: 3 * rows.count * width) { target in
      let count = rows.count * width
      for plane in 0..<3 {
        let start = (plane * height + rows.lowerBound) * width + shift * plane - gap
        _ = target[plane * count..<(plane + 1) * count].update(fromContentsOf: colour[start..<start + count])
      }
    }
  }
}
SWIFT
swiftc -O -parse-as-library -emit-module -module-name Boxes Boxes.swift
swiftc -O -wmo -parse-as-library -emit-assembly -I . -module-name Planes Planes.swift -o Planes.s
awk '
  /^\$s6Planes.*XEfU_[A-Z]*:/ { inside = 1 }
  !inside { next }
  /movq[ \t]+%r12, *-?[0-9]+\(%r[sb]p\)/ && !slot { slot = $3 }
  /movq[ \t].*, *%r12/ && slot && $2 == slot "," { back = 1 }
  /^\.L/ { back = 0 }
  /[ \t]retq/ && back { returns = 1 }
  /[ \t]jmp[ \t]+memmove/ { jumps = !back }
  /\.cfi_endproc/ { exit }
  END {
    print slot ? "the closure keeps r12 at its beginning" : "the closure does not touch r12"
    print returns ? "it puts r12 back before it returns" : "it does not put r12 back before it returns"
    print jumps ? "it jumps to memmove without putting r12 back" : "it does not jump to memmove without putting r12 back"
    exit !(slot && returns && jumps)
  }' Planes.s
