extension Tensor {
  /// The same numbers under their concrete scalar type, without their history; the caller has checked that
  /// `Scalar` is `Other`.
  @inline(__always)
  func assuming<Other: TensorElement>(_: Other.Type) -> Tensor<Other> {
    Tensor<Other>(array.assuming(Other.self))
  }
}
