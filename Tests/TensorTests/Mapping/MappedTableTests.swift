import TestSupport
import Testing

@testable import Tensor

/// Walks the table of operation cases: `vmap` of an operation against a loop over the examples.
@Suite("Mapped operations")
struct MappedTableTests {
  typealias D = Tensor<Double>
  typealias Case = OperationCase<Double>

  /// Operations without a rule in one of their cases, which trap: most where an example's own numbers are positions.
  static let withoutRule: Set<String> = [
    "add", "adding", "allClose", "bincount", "histogram", "indexFilled", "integers", "interp", "isIn",
    "kthValue",
    "mode", "multivariateLogGamma", "nearestRows", "nonzeroPlaces", "nonzeroPositions", "oneHot", "places",
    "searchSorted", "subscript", "unique", "uniqueConsecutive",
  ]

  static let cases = OperationCases<Double>.all.filter { !withoutRule.contains($0.operation) }

  private let exampleCount = 3

  /// The inputs of a few examples, of each of which the numbers are others.
  private func examples(_ c: Case) -> [[D]] {
    (0..<exampleCount).map { example in
      c.inputs.enumerated().map { index, input in
        D(input.scalars(seed: index + 100 * example), shape: input.shape)
      }
    }
  }

  /// `function` of each example, put together.
  private func looped(_ examples: [[D]], _ function: ([D]) -> [D]) -> [D] {
    let results = examples.map(function)
    return results[0].indices.map { index in .stacked(results.map { $0[index] }) }
  }

  /// `function` mapped over those inputs of the examples that `isMapped`, the others captured.
  private func mapped(_ stacked: [D], _ isMapped: [Bool], _ function: ([D]) -> [D]) -> [D] {
    vmap(over: stacked.indices.filter { isMapped[$0] }.map { stacked[$0] }) { parts in
      var rest = parts[...]
      return function(stacked.indices.map { isMapped[$0] ? rest.removeFirst() : stacked[$0] })
    }
  }

  /// All inputs mapped, and each by itself.
  private func choices(_ c: Case) -> [[Bool]] {
    let count = c.inputs.count
    if count == 0 { return [] }
    return [[Bool](repeating: true, count: count)]
      + (count == 1 ? [] : (0..<count).map { mapped in (0..<count).map { $0 == mapped } })
  }

  /// The examples with the inputs that are shared those of the first, and what `mapped` takes.
  private func arranged(_ c: Case, _ isMapped: [Bool]) -> (examples: [[D]], stacked: [D]) {
    var all = examples(c)
    for example in all.indices {
      for index in isMapped.indices where !isMapped[index] { all[example][index] = all[0][index] }
    }
    return (
      all,
      isMapped.indices.map { index in
        isMapped[index] ? .stacked(all.map { $0[index] }) : all[0][index]
      }
    )
  }

  private func expectEqual(_ found: [D], _ expected: [D], _ c: Case, roundings: Double, _ what: String) {
    for (a, b) in zip(found, expected) {
      #expect(a.shape == b.shape, "\(c.name), \(what)")
      if a.shape != b.shape { continue }
      let error = difference(a, b)
      #expect(error <= roundings * .ulpOfOne * c.conditioning, "\(c.name), \(what): \(error)")
    }
  }

  @Test("values are those of a loop over the examples", arguments: cases)
  func values(_ c: Case) {
    for isMapped in choices(c) {
      let (examples, stacked) = arranged(c, isMapped)
      expectEqual(
        mapped(stacked, isMapped) { [c.apply($0)] }, looped(examples) { [c.apply($0)] }, c, roundings: 16,
        "mapped \(isMapped)")
    }
  }

  @Test("what has no rule traps and says so, and is never computed wrongly", arguments: withoutRule.sorted())
  func refusal(_ operation: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [operation = operation as String] in
      for c in OperationCases<Double>.all where c.operation == operation { MappedTableTests().values(c) }
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      output.contains("vmap: ") && output.contains("has no rule for the tensors of a mapped function"),
      "\(output)")
  }

  @Test("gradients inside of a mapped function and through it are those of a loop", arguments: cases)
  func gradients(_ c: Case) {
    if case .unchecked = c.derivatives { return }
    for isMapped in choices(c) {
      let (examples, stacked) = arranged(c, isMapped)
      let shape = c.apply(examples[0]).shape
      let weights = D((0..<shape.reduce(1, *)).map { 0.5 + Double($0 % 7) }, shape: shape)
      func slopes(_ x: [D]) -> [D] { valueWithGradient(at: x) { (c.apply($0) * weights).sum() }.gradient }
      let expected = looped(examples, slopes)
      expectEqual(mapped(stacked, isMapped, slopes), expected, c, roundings: 64, "inside \(isMapped)")
      // Of a shared input, the gradient is the sum over all examples.
      let through = valueWithGradient(at: stacked) { x in
        (mapped(x, isMapped) { [c.apply($0)] }[0] * weights).sum()
      }.gradient
      let sums = zip(expected, isMapped).map { $1 ? $0 : $0.sum(axes: [0]) }
      expectEqual(through, sums, c, roundings: 64, "through \(isMapped)")
    }
  }

  @Test("second derivatives inside, through and across are those of a loop", arguments: cases)
  func secondDerivatives(_ c: Case) {
    guard case .checked = c.derivatives else { return }
    let isMapped = [Bool](repeating: true, count: c.inputs.count)
    let (examples, stacked) = arranged(c, isMapped)
    let shape = c.apply(examples[0]).shape
    let weights = D((0..<shape.reduce(1, *)).map { 0.5 + Double($0 % 7) }, shape: shape)
    func slope(_ x: [D]) -> D {
      valueWithGradient(at: x) { (c.apply($0) * weights).sum() }.gradient
        .map { ($0 * $0).sum() }.reduce(D(0), +)
    }
    func curvature(_ x: [D]) -> [D] { valueWithGradient(at: x, in: slope).gradient }
    let expected = looped(examples, curvature)
    expectEqual(mapped(stacked, isMapped, curvature), expected, c, roundings: 1024, "inside")
    let across = valueWithGradient(at: stacked) { x in mapped(x, isMapped) { [slope($0)] }[0].sum() }.gradient
    expectEqual(across, expected, c, roundings: 1024, "across")
  }
}
