// Products of vectors and of tensors that are no plain matrix product.

extension Tensor where Scalar: TensorScalar {
  /// The products of all pairs of elements of two vectors, xᵢ·yⱼ: `[…, M]` and `[…, N]` give `[…, M, N]`. dx = G·y,
  /// dy = Gᵀ·x.
  ///
  /// - Parameter other: y; the axes before the last broadcast.
  /// - Precondition: Neither has rank 0; the batches broadcast.
  public func outer(_ other: Tensor) -> Tensor {
    ShapeCheck.vectors("outer", shape, other.shape)
    return expanded(axis: -1) * other.expanded(axis: -2)
  }

  /// The sum of the products of two vectors' elements along an axis, Σ x·y; the other axes broadcast. dx = g·y, dy = g·x.
  ///
  /// PyTorch has it as `linalg.vecdot`, and for vectors as `dot`.
  ///
  /// - Parameters:
  ///   - other: y.
  ///   - axis: The axis of the vectors after broadcasting; negative ones count from the back.
  public func dot(_ other: Tensor, axis: Int = -1) -> Tensor {
    let shape = ShapeCheck.broadcast("dot", shape, other.shape)
    let axis = ShapeCheck.axis("dot", axis, rank: shape.count)
    return (self * other).sum(axes: [axis])
  }

  /// The cross product of vectors of three elements along an axis: x × y. The other axes broadcast. dx = y × g, dy = g × x.
  ///
  /// - Parameters:
  ///   - other: y.
  ///   - axis: The axis of the vectors after broadcasting; negative ones count from the back.
  /// - Precondition: The axis has three elements in both.
  public func cross(_ other: Tensor, axis: Int = -1) -> Tensor {
    let shape = ShapeCheck.broadcast("cross", shape, other.shape)
    let axis = ShapeCheck.axis("cross", axis, rank: shape.count)
    let (x, y) = (broadcast(to: shape), other.broadcast(to: shape))
    ShapeCheck.require(
      self.length(ofBroadcast: axis, in: shape) == 3 && other.length(ofBroadcast: axis, in: shape) == 3
    ) {
      "cross: the shapes \(self.shape) and \(other.shape) have not three elements along axis \(axis)"
    }
    return x.rolled(by: -1, axis: axis) * y.rolled(by: 1, axis: axis)
      - x.rolled(by: 1, axis: axis) * y.rolled(by: -1, axis: axis)
  }

  /// The length of the axis that is `axis` after broadcasting to `shape`; 1 where there is none.
  private func length(ofBroadcast axis: Int, in shape: Shape) -> Int {
    let own = axis - (shape.count - rank)
    return own < 0 ? 1 : self.shape[own]
  }

  /// Kronecker's product: every element of this tensor times all of the other, as blocks. Axis by axis the lengths are
  /// multiplied; missing axes in front have the length 1. dx and dy are the gradient's blocks summed with the other factor.
  ///
  /// ```swift
  /// Tensor<Float>.identity(2).kron(a)  // a twice on the diagonal
  /// ```
  public func kron(_ other: Tensor) -> Tensor {
    let rank = Swift.max(self.rank, other.rank)
    func lengths(_ shape: Shape) -> Shape { Array(repeating: 1, count: rank - shape.count) + shape }
    let (a, b) = (lengths(shape), lengths(other.shape))
    let left = reshaped(to: a.flatMap { [$0, 1] })
    let right = other.reshaped(to: b.flatMap { [1, $0] })
    return (left * right).reshaped(to: zip(a, b).map { $0 * $1 })
  }

  /// The sum of products over the last `count` axes of this tensor and the first ones of the other: `[M…, K…]` and
  /// `[K…, N…]` give `[M…, N…]`. The derivatives are those of a matrix product.
  ///
  /// - Parameters:
  ///   - other: The right factor.
  ///   - count: How many axes are summed over; 0 for the outer product.
  /// - Precondition: The lengths of these axes agree.
  public func tensorDot(_ other: Tensor, axes count: Int = 2) -> Tensor {
    ShapeCheck.require(0 <= count && count <= Swift.min(rank, other.rank)) {
      "tensorDot: \(count) axes of \(shape) and \(other.shape), which have \(rank) and \(other.rank)"
    }
    return tensorDot(other, axes: Array(rank - count..<rank), Array(0..<count))
  }

  /// The sum of products over the pairs of axes that two lists name; the other axes of this tensor come first in the result,
  /// and then those of the other. The derivatives are those of a matrix product.
  ///
  /// - Parameters:
  ///   - other: The right factor.
  ///   - axes: Of this tensor; negative ones count from the back.
  ///   - otherAxes: Of the other, in the order of those they are paired with.
  /// - Precondition: The lists are as long as each other, name no axis twice, and the lengths of the pairs agree.
  public func tensorDot(_ other: Tensor, axes: [Int], _ otherAxes: [Int]) -> Tensor {
    let left = axes.map { ShapeCheck.axis("tensorDot", $0, rank: rank) }
    let right = otherAxes.map { ShapeCheck.axis("tensorDot", $0, rank: other.rank) }
    ShapeCheck.require(
      Set(left).count == left.count && Set(right).count == right.count
        && left.map { shape[$0] } == right.map { other.shape[$0] }
    ) {
      "tensorDot: the axes \(axes) of \(shape) and \(otherAxes) of \(other.shape) are no pairs of axes of one length"
    }
    let (rows, columns) = (
      shape.indices.filter { !left.contains($0) }, other.shape.indices.filter { !right.contains($0) }
    )
    let inner = left.map { shape[$0] }.elementCount
    let result = rows.map { shape[$0] } + columns.map { other.shape[$0] }
    let a = transposed(axes: rows + left).reshaped(to: [rows.map { shape[$0] }.elementCount, inner])
    let b = other.transposed(axes: right + columns).reshaped(to: [
      inner, columns.map { other.shape[$0] }.elementCount,
    ])
    return a.matrixProduct(b).reshaped(to: result)
  }

  /// The product of several matrices in the order of multiplication that needs the fewest; the first may be a row and the
  /// last a column, vectors. The derivatives are those of the products.
  ///
  /// - Parameter factors: Of rank 2, the first and the last also of rank 1.
  /// - Precondition: There are two factors at least, and their inner lengths agree.
  public static func multiDot(_ factors: [Tensor]) -> Tensor {
    ShapeCheck.require(factors.count >= 2) { "multiDot: \(factors.count) factors are no product" }
    let ends = [0, factors.count - 1]
    for (index, factor) in factors.enumerated() {
      ShapeCheck.require(factor.rank == 2 || (ends.contains(index) && factor.rank == 1)) {
        "multiDot: factor \(index) of shape \(factor.shape) is no matrix"
      }
    }
    var matrices = factors
    if factors[0].rank == 1 { matrices[0] = factors[0].expanded(axis: 0) }
    if factors[ends[1]].rank == 1 { matrices[ends[1]] = factors[ends[1]].expanded(axis: 1) }
    for (left, right) in zip(matrices, matrices.dropFirst()) {
      ShapeCheck.innerDimensionsAgree("multiDot", left.shape, right.shape, (left.shape[1], right.shape[0]))
    }
    // The cheapest way to multiply each stretch of factors, the shorter stretches first.
    let count = matrices.count
    let lengths = [matrices[0].shape[0]] + matrices.map { $0.shape[1] }
    var cost = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var cut = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for length in 1..<count {
      for first in 0..<count - length {
        let last = first + length
        cost[first][last] = .infinity
        for middle in first..<last {
          let own = Double(lengths[first]) * Double(lengths[middle + 1]) * Double(lengths[last + 1])
          let total = cost[first][middle] + cost[middle + 1][last] + own
          if total < cost[first][last] { (cost[first][last], cut[first][last]) = (total, middle) }
        }
      }
    }
    func product(_ first: Int, _ last: Int) -> Tensor {
      if first == last { return matrices[first] }
      let middle = cut[first][last]
      return product(first, middle).matrixProduct(product(middle + 1, last))
    }
    let dropped = (factors[0].rank == 1 ? [0] : []) + (factors[ends[1]].rank == 1 ? [1] : [])
    return dropped.isEmpty ? product(0, ends[1]) : product(0, ends[1]).squeezed(axes: dropped)
  }

  /// The distances of all pairs of points by the p-norm: M points `[…, M, D]` and N points `[…, N, D]` give `[…, M, N]`.
  /// d/dx is that of ``norm(_:axes:keepingDimensions:)`` of the differences: 0 where two points are the same.
  ///
  /// PyTorch has it as `cdist`. The differences are made one by one, so that near points are as exact as far ones, which
  /// takes memory for M·N·D numbers.
  ///
  /// - Parameters:
  ///   - other: The N points; the axes before the last two broadcast.
  ///   - p: The order of the norm, at least 0.
  /// - Precondition: Both have two axes at least, and points of D numbers.
  public func pairwiseDistances(to other: Tensor, _ p: Scalar = 2) -> Tensor {
    ShapeCheck.require(rank >= 2 && other.rank >= 2 && shape.last == other.shape.last) {
      "pairwiseDistances: the shapes \(shape) and \(other.shape) are no points, […, M, D] and […, N, D]"
    }
    return (expanded(axis: -2) - other.expanded(axis: -3)).norm(p, axes: [-1])
  }

  /// The powers of a vector's elements in columns, Vandermonde's matrix: `[…, N]` gives `[…, N, count]` with x⁰ first.
  /// d/dx sums the derivatives of the powers.
  ///
  /// - Parameters:
  ///   - count: The number of columns; `nil` for N.
  ///   - increasing: Whether the powers grow from column to column; NumPy's default is that they fall.
  public func vander(count: Int? = nil, increasing: Bool = true) -> Tensor {
    ShapeCheck.require(rank >= 1) { "vander: a tensor of rank 0 is no vector" }
    let count = count ?? shape[rank - 1]
    ShapeCheck.require(count >= 0) { "vander: the count \(count) is negative" }
    if count == 0 { return .zeros(shape + [0]) }
    ShapeCheck.memory(
      "vander",
      for: ShapeCheck.length(
        shape.elementCount.multipliedReportingOverflow(by: count), "vander", "\(count) powers have"),
      of: Scalar.self)
    var columns = [Tensor.ones(shape)]
    for _ in 1..<count { columns.append(columns.last! * self) }
    return .stacked(increasing ? columns : columns.reversed(), axis: -1)
  }

  /// Matrices along the diagonal of a larger one, with zeros elsewhere. Numbers and rows count as matrices of one row.
  /// d/dx is the gradient's block.
  ///
  /// - Parameter blocks: Of rank 2 at most; none give a matrix without elements.
  public static func blockDiagonal(_ blocks: [Tensor]) -> Tensor {
    let matrices = blocks.map { block in
      ShapeCheck.require(block.rank <= 2) { "blockDiagonal: a block of shape \(block.shape) is no matrix" }
      return block.rank == 2 ? block : block.reshaped(to: [1, block.count])
    }
    if matrices.isEmpty { return .zeros([0, 0]) }
    let width = matrices.reduce(0) { $0 + $1.shape[1] }
    var start = 0
    return .concatenated(
      matrices.map { matrix in
        defer { start += matrix.shape[1] }
        return matrix.padded([(before: start, after: width - start - matrix.shape[1])])
      })
  }

  /// The sum of the diagonals of the matrices in the last two axes: `[…, M, N]` gives `[…]`. dA is g on the diagonal.
  ///
  /// - Parameter offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  /// - Precondition: The rank is at least 2.
  public func trace(offset: Int = 0) -> Tensor {
    ShapeCheck.matrices("trace", shape)
    return diagonal(offset: offset).sum(axes: [-1])
  }
}

extension ShapeCheck {
  fileprivate static func vectors(_ operation: StaticString, _ x: Shape, _ y: Shape) {
    require(!x.isEmpty && !y.isEmpty) {
      "\(operation): the shapes \(x) and \(y) are not both of vectors in the last axis"
    }
    require(Array(x.dropLast()).broadcast(with: Array(y.dropLast())) != nil) {
      "\(operation): the batches of \(x) and \(y) do not broadcast"
    }
  }
}
