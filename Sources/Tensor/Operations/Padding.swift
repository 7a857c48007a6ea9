/// The values in the border that padding adds.
public enum PaddingMode: String, Sendable, CaseIterable {
  /// The border is zeros: `0 0 | a b c | 0 0`.
  case zero
  /// The mirror image, without repeating the edge: `c b | a b c | b a`. A border is shorter than the axis.
  case reflect
  /// The edge, again and again: `a a | a b c | c c`. The axis is not empty.
  case replicate
  /// The axis once more from its other end: `b c | a b c | a b`. A border is at most as long as the axis.
  case circular
}

extension Tensor {
  /// The tensor with a border. d/dx sums the gradient over all places that show x.
  ///
  /// ```swift
  /// image.padded([(before: 1, after: 1), (before: 2, after: 2)], mode: .reflect)  // the last two axes
  /// ```
  ///
  /// - Parameters:
  ///   - widths: How many elements come before and after each axis. Fewer pairs than axes belong to the last
  ///     axes.
  ///   - mode: What stands in the border.
  /// - Precondition: There are at most as many pairs as axes, no width is negative, and none is longer than
  ///   ``PaddingMode`` allows.
  public func padded(_ widths: [(before: Int, after: Int)], mode: PaddingMode = .zero) -> Tensor {
    padded(widths, mode, filling: nil)
  }

  /// The tensor with a border of `value`. d/dx is the gradient without the border.
  ///
  /// ```swift
  /// scores.padded([(before: 0, after: 2)], value: -.infinity)
  /// ```
  ///
  /// - Parameters:
  ///   - widths: How many elements come before and after each axis. Fewer pairs than axes belong to the last
  ///     axes.
  ///   - value: What stands in the border.
  /// - Precondition: There are at most as many pairs as axes, and no width is negative.
  public func padded(_ widths: [(before: Int, after: Int)], value: Scalar) -> Tensor {
    padded(widths, .zero, filling: value)
  }

  private func padded(
    _ widths: [(before: Int, after: Int)], _ mode: PaddingMode, filling value: Scalar?
  ) -> Tensor {
    ShapeCheck.require(widths.count <= rank) {
      "padded: \(widths.count) pairs of widths for the shape \(shape), which has \(rank) axes"
    }
    if isMapped { return throughMapped { x, _ in x.padded(widths, mode, filling: value) } }
    let first = rank - widths.count
    var plan = PaddingPlan(shape)
    for (index, width) in widths.enumerated() {
      ShapeCheck.require(width.before >= 0 && width.after >= 0) {
        "padded: the widths (\(width.before), \(width.after)) of axis \(first + index) are negative"
      }
      plan.pad(first + index, width, mode)
    }
    return plan.paddedShape == shape ? self : padded(plan, filling: value)
  }

  private func padded(_ plan: PaddingPlan, filling value: Scalar? = nil) -> Tensor {
    record(
      "padded", Tensor(Kernels.pad(array, plan, filling: value)), (self, { g in g.unpadded(plan) }),
      pushing: { $0.padded(plan) })
  }

  /// The sums over all places of a padded tensor that show the same element: the transpose of padding.
  private func unpadded(_ plan: PaddingPlan) -> Tensor {
    record(
      "unpadded", Tensor(Kernels.unpad(array, plan)), (self, { g in g.padded(plan) }),
      pushing: { $0.unpadded(plan) })
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The transpose of a frame of one pixel around a picture, of some of its rows: each pixel of the frame is added to
  /// the pixel that it shows.
  ///
  /// `self` is the gradient of `count` rows of the framed picture, [1, C, rows, W + 2], with the frame's upper row
  /// before them if it shows one of them, which `above` is the place of, and its lower row after them likewise.
  ///
  /// - Precondition: The mode is not `zero`; W is 2 at least.
  package func unframed(rows count: Int, above: Int?, below: Int?, mode: PaddingMode) -> Tensor {
    var plan = PaddingPlan([shape[0], shape[1], count, shape[3] - 2])
    plan.pad(3, (before: 1, after: 1), mode)
    let first = above == nil ? 0 : 1
    plan.paddedShape[2] = shape[2]
    // In the order of a whole frame's pieces, so that each sum has the same order.
    plan.pieces[2] = [PaddingPlan.Piece(source: 0, padded: first, count: count)]
    if let above { plan.pieces[2].append(.init(source: above, padded: 0, count: 1)) }
    if let below { plan.pieces[2].append(.init(source: below, padded: first + count, count: 1)) }
    return Tensor(Kernels.unpad(array, plan))
  }
}

extension PaddingPlan {
  /// Adds a border to `axis`, which has none yet.
  fileprivate mutating func pad(_ axis: Int, _ width: (before: Int, after: Int), _ mode: PaddingMode) {
    let length = sourceShape[axis]
    func require(_ isPossible: (Int) -> Bool, _ rule: String) {
      ShapeCheck.require(isPossible(width.before) && isPossible(width.after)) {
        "padded: the widths (\(width.before), \(width.after)) of axis \(axis) of \(sourceShape): "
          + "\(mode) needs \(rule)"
      }
    }
    let what = "the widths (\(width.before), \(width.after)) of axis \(axis) of \(sourceShape) make"
    let end = ShapeCheck.length(width.before.addingReportingOverflow(length), "padded", what)
    paddedShape[axis] = ShapeCheck.length(end.addingReportingOverflow(width.after), "padded", what)
    pieces[axis] = [Piece(source: 0, padded: width.before, count: length)]
    switch mode {
    case .zero: break
    case .reflect:
      require({ $0 == 0 || $0 < length }, "widths below \(length)")
      pieces[axis] += [
        Piece(source: width.before, padded: 0, count: width.before, sourceStep: -1),
        Piece(source: length - 2, padded: end, count: width.after, sourceStep: -1),
      ]
    case .replicate:
      require({ $0 == 0 || length > 0 }, "an axis that is not empty")
      ShapeCheck.memory("padded", for: width.before + width.after, of: Piece.self)
      // One by one, so that no piece shows an element twice: unpadding adds piece to piece.
      pieces[axis] += (0..<width.before).map { Piece(source: 0, padded: $0, count: 1) }
      pieces[axis] += (0..<width.after).map { Piece(source: length - 1, padded: end + $0, count: 1) }
    case .circular:
      require({ $0 <= length }, "widths up to \(length)")
      pieces[axis] += [
        Piece(source: length - width.before, padded: 0, count: width.before),
        Piece(source: 0, padded: end, count: width.after),
      ]
    }
    pieces[axis].removeAll { $0.count == 0 && length > 0 }
  }
}
