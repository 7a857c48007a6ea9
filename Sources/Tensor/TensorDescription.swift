import Foundation

extension Tensor: CustomStringConvertible {
  /// Scalar type, shape and the elements in nested brackets, a line for each row.
  ///
  /// ```
  /// Tensor<Double>[2, 3]
  /// [[ 0.5, -1.25, 2.00],
  ///  [10.0,  4.00, 0.75]]
  /// ```
  ///
  /// Of more than 1000 elements the first three and the last three along each axis are shown. All numbers have as many
  /// digits as one of them needs, about seven at most; for all of them use ``scalars``. A tensor of rank 0 is shown in
  /// full precision.
  public var description: String {
    let heading = "Tensor<\(Scalar.scalarName)>\(shape)"
    if isMapped {
      return "\(heading) of each example, mapped over \(stored.layout.shape.prefix(mappedCount))"
    }
    if rank == 0 { return "\(heading) \(Self.text(of: scalar))" }
    var text = TensorText(shape: shape, isSummary: count > TensorText.longest)
    withExtendedLifetime(array.storage) {
      let (start, strides) = (array.pointer, array.layout.strides)
      text.words = Self.words(text.shownOffsets(strides: strides).map { start[$0] })
    }
    let body = text.body
    let isShort = heading.count + 1 + body.count <= TensorText.width && !body.contains("\n")
    return heading + (isShort ? " " : "\n") + body
  }

  private static func text(of element: Scalar) -> String {
    // A NaN may have a sign, which says nothing.
    element == element ? "\(element)" : "nan"
  }

  /// The elements as text of one width.
  private static func words(_ elements: [Scalar]) -> [String] {
    if Scalar.storedType.isInteger { return elements.map { text(of: $0) }.alignedRight }
    let numbers = Tensor<Double>(Tensor(elements)).scalars
    return NumberFormat(numbers).words(numbers)
  }
}

extension [String] {
  /// The words with spaces before them, up to the width of the longest.
  fileprivate var alignedRight: [String] {
    let width = map(\.count).max() ?? 0
    return map { String(repeating: " ", count: width - $0.count) + $0 }
  }
}

/// The elements of a tensor as text.
private struct TensorText {
  let shape: Shape
  let isSummary: Bool
  /// The elements that are shown, in row-major order.
  var words: [String] = []

  /// Tensors of more elements are summarised…
  static let longest = 1000
  /// …by this many elements at either end of each axis.
  static let edge = 3
  /// Lines are broken before this column.
  static let width = 100

  /// The positions along an axis that are shown; `nil` stands for those between.
  private func positions(_ axis: Int) -> [Int?] {
    let length = shape[axis]
    if !isSummary || length <= 2 * Self.edge { return Array(0..<length) }
    return Array(0..<Self.edge) + [nil] + Array(length - Self.edge..<length)
  }

  /// Where in memory the shown elements are.
  func shownOffsets(strides: [Int]) -> [Int] {
    var offsets = [0]
    for axis in shape.indices {
      let steps = positions(axis).compactMap { $0 }.map { $0 * strides[axis] }
      offsets = offsets.flatMap { offset in steps.map { offset + $0 } }
    }
    return offsets
  }

  var body: String {
    if words.isEmpty { return "[]" }
    var words = words[...]
    return block(axis: 0, &words)
  }

  /// The elements from `axis` on, taken off the front of `words`.
  private func block(axis: Int, _ words: inout ArraySlice<String>) -> String {
    let indent = String(repeating: " ", count: axis + 1)
    let isRow = axis == shape.count - 1
    let parts = positions(axis).map { position -> String in
      if position == nil { return "..." }
      return isRow ? words.removeFirst() : block(axis: axis + 1, &words)
    }
    if !isRow {
      let lineBreaks = String(repeating: "\n", count: shape.count - 1 - axis)
      return "[" + parts.joined(separator: "," + lineBreaks + indent) + "]"
    }
    var (lines, line) = ([String](), "")
    for part in parts {
      if !line.isEmpty, axis + 1 + line.count + 2 + part.count >= Self.width {
        lines.append(line + ",")
        line = part
      } else {
        line += line.isEmpty ? part : ", " + part
      }
    }
    return "[" + (lines + [line]).joined(separator: "\n" + indent) + "]"
  }
}

/// How the numbers of one tensor are written, so that their columns are aligned.
private struct NumberFormat {
  private let decimals: Int
  private let hasExponents: Bool
  /// Decimals that the format has at most, and about what a `Float` is good for.
  private static let mostDecimals = 6

  init(_ numbers: [Double]) {
    let magnitudes = numbers.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
    let (smallest, largest) = (magnitudes.min() ?? 1, magnitudes.max() ?? 1)
    let areWhole = largest < 1e15 && magnitudes.allSatisfy { $0 == $0.rounded() }
    hasExponents = !areWhole && (largest >= 1e7 || smallest < 1e-4)
    let digitsBefore = hasExponents || largest < 1 ? 1 : String(Int(largest)).count
    let most = max(1, Self.mostDecimals + 1 - digitsBefore)
    decimals = areWhole ? 1 : Self.neededDecimals(magnitudes, most: most, hasExponents: hasExponents)
  }

  /// The decimals that are left when the zeros that all numbers end in are taken off.
  private static func neededDecimals(_ magnitudes: [Double], most: Int, hasExponents: Bool) -> Int {
    var needed = 1
    for magnitude in magnitudes {
      let text = String(format: "%.\(most)\(hasExponents ? "e" : "f")", magnitude).prefix { $0 != "e" }
      guard let last = text.lastIndex(where: { $0 != "0" }), let point = text.firstIndex(of: ".") else {
        continue
      }
      needed = max(needed, text.distance(from: point, to: max(last, point)))
    }
    return needed
  }

  func words(_ numbers: [Double]) -> [String] {
    numbers.map { number in
      // A NaN may have a sign, which says nothing.
      number.isNaN
        ? "nan"
        : number.isFinite
          ? String(format: "%.\(decimals)\(hasExponents ? "e" : "f")", number) : "\(number)"
    }.alignedRight
  }
}
