extension Tensor where Scalar: TensorScalar {
  /// The matrix product A·B over the last axis of A and the second to last of B: `[…, M, K] × […, K, N]` gives
  /// `[…, M, N]`. dA = G·Bᵀ, dB = Aᵀ·G.
  ///
  /// The axes before the last two are a batch and broadcast by NumPy's rule. A vector on the left is a row and one
  /// on the right a column, and its axis is not in the result: `[K] × [K]` gives the inner product, of rank 0.
  ///
  /// - Parameters:
  ///   - other: B.
  ///   - transposingLeft: Use Aᵀ, with A `[…, K, M]`, without a copy. Nothing changes for a vector.
  ///   - transposingRight: Use Bᵀ, with B `[…, N, K]`, without a copy. Nothing changes for a vector.
  /// - Precondition: Neither has rank 0; the lengths K agree; the batches broadcast.
  /// - Complexity: O(M·N·K) for each matrix of the batch, by BLAS on ``Parallelism/threadCount`` threads.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func matrixProduct(
    _ other: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> Tensor {
    ShapeCheck.matrixProduct(shape, other.shape, transposingLeft, transposingRight)
    if rank == 1 {
      return expanded(axis: 0).product(
        other.rank == 1 ? other.expanded(axis: 1) : other, false, transposingRight
      )
      .squeezed(axes: other.rank == 1 ? [0, 1] : [-2])
    }
    if other.rank == 1 {
      return product(other.expanded(axis: 1), transposingLeft, false).squeezed(axes: [-1])
    }
    return product(other, transposingLeft, transposingRight)
  }

  /// The product of two tensors of rank 2 or more.
  private func product(_ other: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool) -> Tensor {
    if isMapped || other.isMapped {
      return Tensor.throughMapped(self, other) { $0.product($1, transposingLeft, transposingRight) }
    }
    if other.rank == 2, rank > 2, !transposingLeft {
      // One tall matrix is faster than many, and so is its gradient: no batch has to be summed.
      let rows = reshaped(to: [shape.dropLast().reduce(1, *), shape[rank - 1]])
      return rows.product(other, false, transposingRight)
        .reshaped(to: shape.dropLast() + [other.shape[transposingRight ? 0 : 1]])
    }
    let left = transposingLeft ? array.matricesTransposed() : array
    let right = transposingRight ? other.array.matricesTransposed() : other.array
    return record(
      "matrixProduct", Tensor(Kernels.matrixProduct(left, right)),
      inputs: [
        (
          self,
          { g in
            transposingLeft
              ? other.product(g, transposingRight, true) : g.product(other, false, !transposingRight)
          }
        ),
        (
          other,
          { g in
            transposingRight
              ? g.product(self, true, transposingLeft) : self.product(g, !transposingLeft, false)
          }
        ),
      ],
      pushingJointly: { tangents in
        .totalled([
          tangents[0].map { $0.product(other, transposingLeft, transposingRight) },
          tangents[1].map { self.product($0, transposingLeft, transposingRight) },
        ])
      })
  }
}

extension StridedArray {
  fileprivate func matricesTransposed() -> StridedArray {
    let rank = layout.rank
    return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}

extension ShapeCheck {
  fileprivate static func matrixProduct(
    _ a: Shape, _ b: Shape, _ transposingLeft: Bool, _ transposingRight: Bool
  ) {
    require(!a.isEmpty && !b.isEmpty) {
      "matrixProduct: \(a) × \(b): a tensor of rank 0 is not a matrix; use *"
    }
    let left = a.count == 1 ? a[0] : a[a.count - (transposingLeft ? 2 : 1)]
    let right = b.count == 1 ? b[0] : b[b.count - (transposingRight ? 1 : 2)]
    innerDimensionsAgree("matrixProduct", a, b, (left, right))
    require(Array(a.dropLast(2)).broadcast(with: Array(b.dropLast(2))) != nil) {
      "matrixProduct: \(a) × \(b): the batches \(Array(a.dropLast(2))) and \(Array(b.dropLast(2))) do not broadcast"
    }
  }
}
