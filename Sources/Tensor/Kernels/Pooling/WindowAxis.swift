/// How a window slides along one axis: convolution and pooling share the arithmetic of sizes.
struct WindowAxis: Equatable, Sendable {
  /// The length of the input.
  let size: Int
  let window: Int
  let stride: Int
  let padding: Int
  var dilation = 1
  /// Whether what the last window leaves gets a window of its own, which begins on the input or before and ends behind it.
  var ceils = false

  /// Up to here the products of two figures do not overflow.
  static let largestFigure = Int(Int32.max)

  /// Whether ``ShapeCheck/windowFigures(_:size:window:stride:padding:dilation:)`` finds no fault.
  var hasPossibleFigures: Bool {
    min(window, stride, dilation) >= 1 && padding >= 0
      && max(max(size, window, stride), max(padding, dilation)) <= Self.largestFigure
  }

  /// What the window covers, gaps included.
  var extent: Int { dilation * (window - 1) + 1 }

  /// The number of places where the window lies within the padded input, and one more where ``ceils`` says so.
  var outputSize: Int {
    let room = size + 2 * padding - extent
    let whole = room / stride + 1
    return ceils && room % stride != 0 && whole * stride < size + padding ? whole + 1 : whole
  }

  /// The input position under tap `tap` of the window at output position 0; negative in the padding.
  func offset(ofTap tap: Int) -> Int { tap * dilation - padding }

  /// The output positions whose tap `tap` lies on the input, not on the padding.
  func outputs(withTapInside tap: Int) -> Range<Int> {
    let offset = offset(ofTap: tap)
    let first = offset >= 0 ? 0 : (-offset + stride - 1) / stride
    let end = size <= offset ? 0 : (size - offset + stride - 1) / stride
    return first..<max(first, min(end, outputSize))
  }
}

extension WindowAxis {
  /// The vertical axis of a sequence, which is a picture of one row.
  static let ofOneRow = WindowAxis(size: 1, window: 1, stride: 1, padding: 0)

  /// The axis on which a window has `count` places and `outputPadding` positions stay behind the last of them.
  init(
    places count: Int, window: Int, stride: Int, padding: Int, outputPadding: Int, dilation: Int
  ) {
    self.init(
      size: (count - 1) * stride - 2 * padding + dilation * (window - 1) + 1 + outputPadding, window: window,
      stride: stride, padding: padding, dilation: dilation)
  }
}

extension ShapeCheck {
  /// The checks of a window's figures along one or two axes of a tensor of `shape`.
  static func window(_ operation: String, _ shape: Shape, _ axes: [WindowAxis]) {
    // One after the other only where one is wrong: lists for each would take longer than a small pooling.
    if !axes.allSatisfy(\.hasPossibleFigures) {
      windowFigures(
        operation, size: axes.map(\.size), window: axes.map(\.window), stride: axes.map(\.stride),
        padding: axes.map(\.padding), dilation: axes.map(\.dilation))
    }
    require(axes.allSatisfy { $0.size + 2 * $0.padding >= $0.extent }) {
      "\(operation): the window covers \(figures(axes.map(\.extent))), more than the input \(shape) with padding "
        + figures(axes.map(\.padding))
    }
  }

  /// The checks of each figure by itself. None is so large that their products would overflow.
  static func windowFigures(
    _ operation: String, size: [Int], window: [Int], stride: [Int], padding: [Int], dilation: [Int]
  ) {
    let everywhere = ["", " in both directions", " in all directions"][window.count - 1]
    for (name, values, least) in [
      ("window", window, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
    ] {
      require(values.allSatisfy { $0 >= least }) {
        "\(operation): the \(name) \(figures(values)) is "
          + (least == 0 ? "negative" : "not at least \(least)\(everywhere)")
      }
    }
    let largest = WindowAxis.largestFigure
    for (name, values) in [
      ("input's length", size), ("window", window), ("stride", stride), ("padding", padding),
      ("dilation", dilation),
    ] {
      require(values.allSatisfy { $0 <= largest }) {
        "\(operation): the \(name) \(figures(values)) is more than \(largest), the most that there may be"
      }
    }
  }

  /// Figures as the caller gave them: a number, or a pair.
  static func figures(_ values: [Int]) -> String {
    values.count == 1 ? "\(values[0])" : "(\(values.map(String.init).joined(separator: ", ")))"
  }
}
