/// What takes the place of LAPACK's drivers for one large matrix, so that threads share it: reductions and small problems
/// are LAPACK's, all that can be written as general products is done by those of our own.
///
/// | driver | in place of | from |
/// | --- | --- | --- |
/// | ``cholesky`` | `potrf` | more than 64 rows; up to 16 by ``SmallMatrices`` |
/// | ``qr`` | `geqrf` and `orgqr` | more than 32 columns |
/// | ``eigenvectors`` | `syevd` | 128 rows |
/// | ``singularVectors`` | `gesdd` | 128 rows and columns, sides of a ratio up to 11/6 |
///
/// Matrices are LAPACK's, in column-major order. Cuts depend on sizes alone, so that the bits depend neither on the
/// number of threads nor on whether a matrix stands in a batch.
enum Drivers {
  /// Reductions of fewer rows and columns are left to LAPACK's drivers as a whole.
  static let smallestReduction = 128

  /// The step between the columns of a matrix of `rows` rows that LAPACK works on: where columns lie a power of two
  /// apart, the elements of a row push each other out of the cache.
  static func paddedStep(_ rows: Int) -> Int { rows < 64 ? max(rows, 1) : ((rows + 15) / 16 | 1) * 16 }

  /// Whether the largest element of a matrix is so far from 1 that LAPACK's drivers would scale it.
  @inline(__always)
  static func needsScaling<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int, _ step: Int
  ) -> Bool {
    let least = Scalar.leastNormalMagnitude.squareRoot() / Scalar.ulpOfOne
    var (isLarge, isBounded) = (false, true)
    for column in 0..<columns {
      let elements = a + column * step
      for row in 0..<rows {
        isLarge = isLarge || elements[row].magnitude >= least
        isBounded = isBounded && elements[row].magnitude <= 1 / least
      }
    }
    return !isLarge || !isBounded
  }
}
