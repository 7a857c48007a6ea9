// Parts of a tensor whose gradients are put together once. Slices by themselves would each pull one back that is as large as
// the whole: of a sequence, memory and time that grow with the square of its length. But they have histories of their own,
// and these share one, which a gradient uses up for all of them.

extension Tensor where Scalar: TensorScalar {
  /// What ``unstacked(axis:)`` gives.
  package func slices(along axis: Int) -> [Tensor] {
    let axis = ShapeCheck.axis("slices", axis, rank: rank)
    return parts("slices", dividedBy: { $0.unstacked(axis: axis) }, joinedBy: { .stacked($0, axis: axis) })
  }

  /// Equal parts of the last axis.
  ///
  /// - Precondition: `count` divides its length.
  package func parted(_ count: Int) -> [Tensor] {
    parts("parted", dividedBy: { $0.chunks(count, axis: -1) }, joinedBy: { .concatenated($0, axis: -1) })
  }

  /// Parts of `length` along the first axis, the last of which may be shorter.
  func segments(of length: Int) -> [Tensor] {
    parts("segments", dividedBy: { $0.split(every: length) }, joinedBy: { .concatenated($0) })
  }

  private func parts(
    _ name: StaticString, dividedBy divide: (Tensor) -> [Tensor],
    joinedBy join: @escaping ([Tensor]) -> Tensor
  ) -> [Tensor] {
    let parts = divide(detached())
    guard isTracked, !parts.isEmpty else { return parts }
    let shapes = parts.map(\.shape)
    return record(
      name, outputs: parts, (self, { g in join(zip(g, shapes).map { $0 ?? .zeros($1) }) }))
  }
}
