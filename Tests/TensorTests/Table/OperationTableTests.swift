import TestSupport
import Testing

@testable import Tensor

/// Walks the table of operation cases.
@Suite("Operation table")
struct OperationTableTests {
  typealias Cases = OperationCases<Double>
  typealias Case = OperationCase<Double>

  @Test("names are unique")
  func uniqueNames() {
    let names = Cases.all.map(\.name)
    #expect(Dictionary(grouping: names, by: \.self).filter { $1.count > 1 }.keys.sorted() == [])
  }

  @Test("every public operation has a case, one with an empty axis and one with an axis of length 1")
  func completeness() throws {
    let cases = Dictionary(grouping: Cases.all, by: \.operation)
    let operations = Set(try PublicOperation.all().map(\.name))
    #expect(operations.count > 40, "The scan of the sources found almost nothing.")
    for operation in operations.sorted() {
      let cases = cases[operation] ?? []
      #expect(!cases.isEmpty, "\(operation) is public and has no case in the operation table")
      if cases.isEmpty || cases.contains(where: { $0.noEmptyCase != nil }) { continue }
      let lengths = Set(cases.flatMap(\.inputs).flatMap(\.shape))
      #expect(lengths.contains(0), "\(operation) has no case with an empty axis")
      #expect(lengths.contains(1), "\(operation) has no case with an axis of length 1")
    }
    #expect(Set(cases.keys).subtracting(operations).sorted() == [], "These cases name no public operation.")
  }

  @Test("the fixtures and the cases are the same", arguments: Cases.families.map(\.name))
  func fixturesMatchCases(family: String) throws {
    let cases = try #require(Cases.families.first { $0.name == family }).cases.map(\.name)
    #expect(try Set(Reference.load(family).keys) == Set(cases))
  }

  @Test("values agree with PyTorch in Double", arguments: Cases.families.map(\.name))
  func valuesInDouble(family: String) throws {
    // About 16 roundings of a result's magnitude.
    try expectValues(OperationCases<Double>.self, family, tolerance: 16 * .ulpOfOne)
  }

  @Test("values agree with PyTorch in Float", arguments: Cases.families.map(\.name))
  func valuesInFloat(family: String) throws {
    // As in Double, and the inputs were rounded too.
    try expectValues(OperationCases<Float>.self, family, tolerance: 16 * Double(Float.ulpOfOne))
  }

  @Test("first derivatives agree with central differences and are not 0", arguments: Cases.all)
  func firstDerivatives(_ c: Case) {
    expectDerivative(c, .first)
  }

  @Test("second derivatives agree with central differences and are not 0", arguments: Cases.all)
  func secondDerivatives(_ c: Case) {
    if case .checkedOnce = c.derivatives { return }
    expectDerivative(c, .second)
  }

  @Test("strided inputs give what contiguous ones give", arguments: Cases.all)
  func stridedInputs(_ c: Case) {
    let expected = c.apply(c.tensors)
    for arrangement in Arrangement.allCases {
      let result = c.apply(c.tensors.map(arrangement.arranged))
      #expect(result.shape == expected.shape)
      #expect(difference(result, expected) <= 16 * .ulpOfOne * c.conditioning, "\(arrangement)")
    }
  }

  @Test("strided inputs have the gradients of contiguous ones", arguments: Cases.all)
  func stridedGradients(_ c: Case) {
    if case .unchecked = c.derivatives { return }
    let weights = Tensor(
      c.apply(c.tensors).scalars.indices.map { 0.5 + Double($0 % 7) }, shape: c.apply(c.tensors).shape)
    func gradients(_ inputs: [Tensor<Double>], _ weights: Tensor<Double>) -> [Tensor<Double>] {
      valueWithGradient(at: inputs) { (c.apply($0) * weights).sum() }.gradient
    }
    let expected = gradients(c.tensors, weights)
    for arrangement in Arrangement.allCases {
      let found = gradients(c.tensors.map(arrangement.arranged), arrangement.arranged(weights))
      for (index, pair) in zip(found, expected).enumerated() {
        #expect(pair.0.shape == pair.1.shape)
        #expect(
          difference(pair.0, pair.1) <= 64 * .ulpOfOne * c.conditioning, "\(arrangement), input \(index)")
      }
    }
  }

  @Test("inputs that repeat one row without a copy give what copies give", arguments: Cases.all)
  func repeatedInputs(_ c: Case) {
    let repeated = c.tensors.map { input -> Tensor<Double> in
      guard let length = input.shape.first, length > 1 else { return input }
      let row = Tensor(input.scalars.prefix(input.count / length), shape: [1] + input.shape.dropFirst())
      return row.broadcast(to: input.shape)
    }
    let copies = repeated.map { Tensor($0.scalars, shape: $0.shape) }
    #expect(difference(c.apply(repeated), c.apply(copies)) <= 16 * .ulpOfOne * c.conditioning)
  }

  private func expectDerivative(_ c: Case, _ order: GradientCheck.Order) {
    if case .unchecked = c.derivatives { return }
    let inputs = c.tensors
    let variable = inputs.indices.filter { !c.constantInputs.contains($0) }
    let result = GradientCheck.check(at: variable.map { inputs[$0] }, order: order) { x in
      var all = inputs
      for (index, tensor) in zip(variable, x) { all[index] = tensor }
      return c.apply(all)
    }
    #expect(result.passed, "\(result)")
    for figures in result.inputs {
      if case .zero = c.derivatives {
        #expect(figures.analytic == 0, "\(result)")
      } else {
        // Along a random direction it is of the size of the numbers, all near 1; what is left of 0 is rounding.
        #expect(figures.analytic.magnitude > 1e-6, "the derivative is identically zero: \(result)")
      }
    }
  }

  private func expectValues<Scalar: TensorScalar>(
    _: OperationCases<Scalar>.Type, _ family: String, tolerance: Double
  ) throws {
    let references = try Reference.load(family)
    for c in OperationCases<Scalar>.families.first(where: { $0.name == family })?.cases ?? [] {
      guard let reference = references[c.name] else { continue }
      let result = c.apply(c.tensors)
      #expect(result.shape == reference.shape, "\(c.name)")
      if result.shape != reference.shape { continue }
      let found = Tensor<Double>(result)
      let error = difference(found, Tensor(reference.scalars, shape: reference.shape))
      #expect(
        error <= tolerance * c.conditioning, "\(c.name): \(found.scalars) should be \(reference.scalars)")
    }
  }
}

/// PyTorch's result of a case.
private struct Reference: Decodable {
  let shape: Shape
  let scalars: [Double]

  static func load(_ family: String) throws -> [String: Reference] {
    try FixtureFile.json("operations/\(family).json")
  }
}

/// The largest difference of two tensors, over each element's own magnitude plus the mean one. Infinite when a
/// NaN or an infinity is in one of them only.
func difference(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
  let finite = b.scalars.filter(\.isFinite).map(\.magnitude)
  let mean = finite.reduce(0, +) / Double(max(finite.count, 1))
  return zip(a.scalars, b.scalars).reduce(0) { worst, pair in
    if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return worst }
    guard pair.0.isFinite, pair.1.isFinite else { return .infinity }
    return max(worst, (pair.0 - pair.1).magnitude / (pair.1.magnitude + mean))
  }
}
