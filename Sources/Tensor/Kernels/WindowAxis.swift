/// How a window slides along one axis: convolution and pooling share the arithmetic of sizes.
struct WindowAxis: Equatable, Sendable {
  /// The length of the input.
  let size: Int
  let window: Int
  let stride: Int
  let padding: Int
  var dilation = 1

  /// What the window covers, gaps included.
  var extent: Int { dilation * (window - 1) + 1 }

  /// The number of places where the window lies within the padded input.
  var outputSize: Int { (size + 2 * padding - extent) / stride + 1 }

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

extension ShapeCheck {
  /// The checks of a window's figures along both axes of a [N, C, H, W] shape.
  static func window(
    _ operation: String, _ shape: Shape, vertical: WindowAxis, horizontal: WindowAxis
  ) {
    let axes = [vertical, horizontal]
    func pair(_ value: (WindowAxis) -> Int) -> String { "(\(value(vertical)), \(value(horizontal)))" }
    require(axes.allSatisfy { $0.window >= 1 }) {
      "\(operation): the window \(pair(\.window)) is not at least 1 in both directions"
    }
    require(axes.allSatisfy { $0.stride >= 1 }) {
      "\(operation): the stride \(pair(\.stride)) is not at least 1 in both directions"
    }
    require(axes.allSatisfy { $0.padding >= 0 }) {
      "\(operation): the padding \(pair(\.padding)) is negative"
    }
    require(axes.allSatisfy { $0.dilation >= 1 }) {
      "\(operation): the dilation \(pair(\.dilation)) is not at least 1 in both directions"
    }
    require(axes.allSatisfy { $0.size + 2 * $0.padding >= $0.extent }) {
      "\(operation): the window covers \(pair(\.extent)), more than the input \(shape) with padding "
        + "\(pair(\.padding))"
    }
  }
}
