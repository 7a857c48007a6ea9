import Tensor

/// The table of operation cases: a list for each family of operations, in files of their own.
///
/// The scalar is a parameter, so that each case is written once and run in `Float` and in `Double`.
enum OperationCases<Scalar: TensorScalar> {
  typealias Case = OperationCase<Scalar>

  /// Every family, under the name of its files in `Tests/Fixtures/operations`.
  ///
  /// Not optimised, since the compiler would otherwise compile every case again for each scalar, which takes it as long
  /// as all other tests; a case's own time is that of the operation, in the library.
  @_optimize(none)
  static var families: [(name: String, cases: [Case])] {
    [
      ("elementwise", elementwise),
      ("truth_values", truthValues),
      ("integers", integerArithmetic),
      ("special_numbers", specialNumbers),
      ("special_functions", specialFunctions),
      ("compositions", compositions),
      ("activations", activations),
      ("reductions", reductions),
      ("statistics", statistics),
      ("normalization", normalization),
      ("positions", positions),
      ("cumulative", cumulative),
      ("shapes", shapes),
      ("rearrangements", rearrangements),
      ("creation", creation),
      ("signals", signals),
      ("fourier", fourier),
      ("indexing", indexing),
      ("sorting", sorting),
      ("sets", sets),
      ("einsum", equations),
      ("convolution", convolution),
      ("windows", windows),
      ("resizing", resizing),
      ("volumes", volumes),
      ("products", products),
      ("linear_algebra", linearAlgebra),
      ("factorizations", decompositions),
      ("matrices", matrices),
    ]
  }

  static var all: [Case] { families.flatMap(\.cases) }
}

/// Collects the cases written in a list's body, one statement each: the compiler then checks the types of each
/// case by itself, which an array literal of a hundred closures does not allow.
@resultBuilder
enum OperationCaseList<Scalar: TensorScalar> {
  typealias Cases = [OperationCase<Scalar>]

  static func buildExpression(_ expression: OperationCase<Scalar>) -> Cases { [expression] }
  static func buildExpression(_ expression: Cases) -> Cases { expression }
  static func buildBlock(_ parts: Cases...) -> Cases { parts.flatMap { $0 } }
  static func buildArray(_ parts: [Cases]) -> Cases { parts.flatMap { $0 } }
}
