import Testing

@testable import Tensor

/// Factors and eigenvectors of matrices without symmetry give the matrix back.
@Suite("Factors of general matrices")
struct GeneralFactorTests {
  @Test("eigenvalues of a rotation are a conjugate pair on the unit circle")
  func rotation() throws {
    let (cosine, sine) = (Double.cos(0.7), Double.sin(0.7))
    let a = Tensor<Double>([[cosine, -sine], [sine, cosine]])
    let (values, vectors) = try a.eig()
    #expect(values.real.allClose(to: Tensor(cosine)))
    #expect(values.imaginary.sorted().allClose(to: Tensor([-sine, sine])))
    // A·v = λ·v, the real and the imaginary part.
    let (re, im) = (vectors.real, vectors.imaginary)
    let (lr, li) = (values.real.expanded(axis: 0), values.imaginary.expanded(axis: 0))
    let (real, imaginary) = (re * lr - im * li, re * li + im * lr)
    #expect(a.matrixProduct(re).allClose(to: real, relative: 0, absolute: 1e-14))
    #expect(a.matrixProduct(im).allClose(to: imaginary, relative: 0, absolute: 1e-14))
    let lengths = (re.square() + im.square()).sum(axes: [0])
    #expect(lengths.allClose(to: Tensor(1)))
  }

  @Test("P·L·U is the matrix, also a singular one")
  func factors() throws {
    let regular = Tensor<Double>([[0, 2, 1], [4, 1, 0], [2, 2, 5]])
    let singular = Tensor<Double>([[1, 2, 3], [2, 4, 6], [1, 0, 1]])
    for matrix in [regular, singular] {
      let (p, l, u) = try matrix.lu()
      let product = p.matrixProduct(l).matrixProduct(u)
      #expect(product.allClose(to: matrix, relative: 0, absolute: 1e-14))
      #expect(l.abs().max().scalar <= 1)
    }
  }
}
