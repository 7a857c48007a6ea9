// Other targets of the package have loops of their own, which must be compiled for `Float` and `Double` as the
// kernels here are: the scalar is picked once, *before* any closure. A closure in generic code stays generic, and
// what it calls is then looked up for every element.
extension Tensor {
  /// The same numbers under their concrete scalar type, without their history; the caller has checked that
  /// `Scalar` is `Other`.
  @inline(__always)
  package func assuming<Other: TensorScalar>(_: Other.Type) -> Tensor<Other> {
    Tensor<Other>(array.assuming(Other.self))
  }

  /// Moves the numbers out, so that the result may be their only owner, and leaves an empty tensor.
  package mutating func move<Other: TensorScalar>(assuming _: Other.Type) -> Tensor<Other> {
    defer { self = Tensor(StridedArray(uninitialized: [0])) }
    return Tensor<Other>(array.assuming(Other.self))
  }
}
