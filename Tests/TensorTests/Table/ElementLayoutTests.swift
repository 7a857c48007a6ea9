import TestSupport
import Testing

@testable import Tensor

/// What an elementwise operation makes of a number depends on that number alone: not on how the elements lie in memory,
/// on how many there are, nor on who computes which of them. To the bit, in both scalars.
@Suite("Operation table: layouts")
struct ElementLayoutTests {
  /// Where vectors, blocks of gathered elements and pieces for threads begin and end.
  static let lengths = Array(0...67) + [127, 128, 129, 255, 256, 257, 1023, 1024, 1025]
  static let longLengths = [Kernels.elementGrain + 1, 2 * Kernels.elementGrain + 65]

  @Test("there are elementwise cases of one, two and three tensors")
  func casesExist() {
    let cases = OperationCases<Float>.elementwiseNames.map { OperationCases<Float>.elementwise(named: $0) }
    #expect(Set(cases.map(\.inputs.count)) == [1, 2, 3])
    #expect(Set(cases.map(\.operation)).count > 60)
  }

  @Test("a view gives the bits of its copy", arguments: OperationCases<Float>.elementwiseNames)
  func views(name: String) {
    func check<S: TensorScalar>(_: S.Type) {
      let c = OperationCases<S>.elementwise(named: name)
      for length in Self.lengths {
        expectSameBits(c, c.drawn([length]), Views.alongOneAxis)
        if length <= 67 { expectSameBits(c, c.drawn([length, 3]), Views.alongTwoAxes) }
        if length <= 17 { expectSameBits(c, c.drawn([3, length, 2]), Views.alongTwoAxes) }
      }
      for length in Self.longLengths { expectSameBits(c, c.drawn([length]), [Views(.everySecond)]) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a part gives the bits of the whole's part", arguments: OperationCases<Float>.elementwiseNames)
  func parts(name: String) {
    func check<S: TensorScalar>(_: S.Type) {
      let c = OperationCases<S>.elementwise(named: name)
      let count = 2 * Kernels.elementGrain + 65
      let inputs = c.drawn([count])
      let whole = bits(c.apply(inputs))
      for range in Self.lengths.map({ 0..<$0 }) + Self.longLengths.map({ 33..<$0 }) {
        let part = inputs.map { $0.rank == 0 ? $0 : $0[range] }
        #expect(bits(c.apply(part)) == Array(whole[range]), "\(S.scalarName), \(range)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "one number that repeats, without a copy, gives the bits of copies",
    arguments: OperationCases<Float>.elementwiseNames)
  func repetitions(name: String) {
    func check<S: TensorScalar>(_: S.Type) {
      let c = OperationCases<S>.elementwise(named: name)
      for length in [1, 2, 16, 67, 257] {
        let full = c.drawn([length, 3])
        // Each input in turn is one row, one column or one number of all rows and columns, stretched.
        for place in full.indices where full[place].rank == 2 {
          for part in [full[place][0..<1], full[place][..., 0..<1], full[place][0..<1, 0..<1]] {
            let view = part.broadcast(to: [length, 3])
            let copy = Tensor(view.scalars, shape: view.shape)
            func replaced(_ x: Tensor<S>) -> [Tensor<S>] { full.indices.map { $0 == place ? x : full[$0] } }
            let expected = bits(c.apply(replaced(copy)))
            #expect(bits(c.apply(replaced(view))) == expected, "\(S.scalarName), length \(length)")
            if full.indices.contains(where: { $0 != place && full[$0].rank == 2 }) {
              #expect(bits(c.apply(replaced(part))) == expected, "\(S.scalarName), length \(length)")
            }
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "gradients at a view, of both orders, have the bits of those at its copy",
    arguments: OperationCases<Float>.elementwiseNames)
  func gradients(name: String) {
    func check<S: TensorScalar>(_: S.Type) {
      let c = OperationCases<S>.elementwise(named: name)
      if case .unchecked = c.derivatives { return }
      // A gradient that is summed to a number may be summed in another order.
      if c.inputs.contains(where: { $0.shape.isEmpty }) { return }
      for length in [1, 3, 16, 67, 257] {
        let inputs = c.drawn([length, 3])
        let weights = Tensor(DeterministicValues(seed: 9).uniform(3 * length, in: 0.5...2).map { S($0) })
          .reshaped(to: [length, 3])
        let expected = c.gradients(at: inputs, weights)
        for view in Views.alongTwoAxes {
          for weights in [weights, Arrangement.everySecond.arranged(weights)] {
            let found = c.gradients(at: view.arranged(inputs), weights)
            #expect(found == expected, "\(S.scalarName), length \(length), \(view)")
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  private func expectSameBits<S>(_ c: OperationCase<S>, _ inputs: [Tensor<S>], _ views: [Views]) {
    let expected = bits(c.apply(inputs))
    for view in views {
      let found = bits(c.apply(view.arranged(inputs)))
      if found == expected { continue }
      let place = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? -1
      Issue.record("\(S.scalarName), shape \(inputs[0].shape), \(view), first at \(place)")
    }
  }
}

/// How the inputs of a case lie: all but one in the same way, that one without gaps.
private struct Views: CustomStringConvertible {
  let arrangement: Arrangement
  let exception: Int?

  init(_ arrangement: Arrangement, except exception: Int? = nil) {
    (self.arrangement, self.exception) = (arrangement, exception)
  }

  static let alongOneAxis = [Views(.everySecond), Views(.backwards), Views(.everySecond, except: 0)]
  static let alongTwoAxes =
    [Views(.reversedAxes, except: 0), Views(.backwards, except: 1)]
    + [.reversedAxes, .window, .backwards, .everySecond].map { Views($0) }

  var description: String { "\(arrangement)" + (exception.map { ", but for input \($0)" } ?? "") }

  func arranged<S: TensorScalar>(_ inputs: [Tensor<S>]) -> [Tensor<S>] {
    inputs.enumerated().map { $0 == exception ? $1 : arrangement.arranged($1) }
  }
}

/// Each element's bits. Of NaNs, whose sign and payload mean nothing, there is one.
private func bits<S: TensorScalar>(_ x: Tensor<S>) -> [UInt64] {
  x.scalars.map { $0.isNaN ? .max : Double($0).bitPattern }
}

extension OperationCase {
  /// Whether each element of the result is made of the elements in its place.
  fileprivate var isElementwise: Bool {
    let shape = inputs.reduce([]) { $0.broadcast(with: $1.shape)! }
    return !shape.isEmpty && apply(tensors).shape == shape
  }

  /// The inputs with `shape`, but for those that are one number.
  fileprivate func drawn(_ shape: Shape) -> [Tensor<Scalar>] {
    inputs.enumerated().map { index, input in
      let shape = input.shape.isEmpty ? [] : shape
      return Tensor(
        input.scalars(seed: index, count: shape.reduce(1, *)).map { Scalar($0) }, shape: shape)
    }
  }

  /// The bits of the first and second derivatives of a weighted sum of the result.
  fileprivate func gradients(at inputs: [Tensor<Scalar>], _ weights: Tensor<Scalar>) -> [[UInt64]] {
    let (first, second) = valueWithGradientOfGradient(inputs, weights)
    return (first + second).map(bits)
  }

  private func valueWithGradientOfGradient(
    _ inputs: [Tensor<Scalar>], _ weights: Tensor<Scalar>
  ) -> ([Tensor<Scalar>], [Tensor<Scalar>]) {
    var first: [Tensor<Scalar>] = []
    let second = valueWithGradient(at: inputs) { x in
      first = valueWithGradient(at: x) { (apply($0) * weights).sum() }.gradient
      return first.reduce(Tensor(0)) { $0 + ($1 * weights).sum() }
    }.gradient
    return (first, second)
  }
}

extension OperationCases {
  private static var elementwiseFamilies: [Case] {
    elementwise + specialNumbers + specialFunctions + activations
  }

  fileprivate static func elementwise(named name: String) -> Case {
    elementwiseFamilies.first { $0.name == name }!
  }

  /// The cases that differ in more than the shape of their inputs, which these tests choose themselves.
  fileprivate static var elementwiseNames: [String] {
    elementwiseFamilies.filter { c in
      c.isElementwise && ![", empty", ", single", ", broadcast"].contains { c.name.hasSuffix($0) }
    }.map(\.name)
  }
}
