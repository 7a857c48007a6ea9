import Tensor

/// Ones on the diagonal, zeros elsewhere, [size, size].
func identityMatrix<Scalar: TensorScalar>(_ size: Int) -> Tensor<Scalar> {
  Tensor(shape: [size, size]) { elements in
    elements.initialize(repeating: 0)
    for i in 0..<size { elements[i * (size + 1)] = 1 }
  }
}
