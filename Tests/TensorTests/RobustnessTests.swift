import Foundation
import Testing

@testable import Tensor

#if os(macOS) || os(Linux)
  /// Each size that cannot be had, and the message with which it traps.
  private enum Excess: String, CaseIterable, Codable {
    case elements, bytes, memory, roundedMemory, broadcast, product, view, random

    var message: String {
      switch self {
      case .elements: "Tensor: the shape [4294967296, 4294967296] has more elements than Int can count"
      case .bytes: "Tensor: the shape [2305843009213693952] has more bytes than Int can count"
      case .memory: "Tensor: no memory for 140737488355328 bytes beside"
      case .roundedMemory: "Tensor: no memory for 9223372036854775800 bytes beside"
      case .broadcast: "Tensor: the shape [4294967296, 4294967296] has more elements than Int can count"
      case .product: "Tensor: the shape [4294967296, 4294967296] has more elements than Int can count"
      case .view: "Tensor: no memory for 140737488355328 bytes beside"
      case .random: "Tensor: no memory for 140737488355328 bytes beside"
      }
    }

    func commit() {
      let (tall, wide) = ([1 << 32, 1], [1, 1 << 32])
      switch self {
      case .elements: _ = Tensor<Float>.zeros([1 << 32, 1 << 32])
      case .bytes: _ = Tensor<Double>.zeros([1 << 61])
      case .memory: _ = Tensor<Float>.zeros([1 << 45])
      case .roundedMemory: _ = Tensor<Double>.zeros([1 << 60 - 1])
      case .broadcast: _ = Tensor<Float>(1).broadcast(to: tall) + Tensor<Float>(1).broadcast(to: wide)
      case .product:
        let sides = [tall, wide].map { Tensor<Float>.zeros([$0[0], 0, $0[1]]) }
        _ = sides[0].reshaped(to: [1 << 32, 0]).matrixProduct(sides[1].reshaped(to: [0, 1 << 32]))
      case .view: _ = Tensor<Float>(1).broadcast(to: [1 << 45]).exp()
      case .random:
        var generator = RandomGenerator(seed: 0)
        _ = Tensor<Float>.uniform([1 << 45], using: &generator)
      }
    }
  }

  @Suite("Sizes beyond the machine")
  struct ExcessTests {
    @Test("trap with a message that says how much was asked for", arguments: Excess.allCases)
    fileprivate func trap(excess: Excess) async throws {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [name = excess.rawValue as String] in
        Excess(rawValue: name)?.commit()
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains(excess.message), "\(message)")
    }
  }
#endif

@Suite("Figures as large as they can be, where they have a meaning")
struct LargestFigureTests {
  private let v = Tensor<Double>([1, 2, 4])
  private let square = Tensor<Double>([[1, 2], [3, 4]])

  @Test("a step beyond the axis takes one element", arguments: [Int.max, 3])
  func steps(step: Int) {
    #expect(v[(0...).strided(by: step)].scalars == [1])
    #expect(v[(1...).strided(by: -step)].scalars == [4])
    #expect(v[(0...).strided(by: .min)].scalars == [4])
    #expect(square[..., (0...).strided(by: step)].scalars == [1, 3])
    #expect(gradient(at: v) { $0[(0...).strided(by: step)].sum() }.scalars == [1, 0, 0])
  }

  @Test("diagonals far outside of the matrix have no elements, and triangles there all or none")
  func offsets() {
    for offset in [Int.min, .max, -2, 2] {
      #expect(square.diagonal(offset: offset).shape == [0])
      #expect(gradient(at: square) { $0.diagonal(offset: offset).sum() }.scalars == [0, 0, 0, 0])
    }
    for offset in [Int.max, 1] { #expect(square.lowerTriangle(offset: offset).scalars == square.scalars) }
    for offset in [Int.min, -2] { #expect(square.lowerTriangle(offset: offset).scalars == [0, 0, 0, 0]) }
    for offset in [Int.min, -1] { #expect(square.upperTriangle(offset: offset).scalars == square.scalars) }
    for offset in [Int.max, 2] { #expect(square.upperTriangle(offset: offset).scalars == [0, 0, 0, 0]) }
  }

  @Test("parts and chunks of more than there is are the whole")
  func parts() {
    #expect(v.split(every: .max).map(\.scalars) == [[1, 2, 4]])
    #expect(v.chunks(.max).map(\.scalars) == [[1], [2], [4]])
  }

  @Test("the variance with any correction")
  func corrections() {
    #expect(v.variance(correction: .max).scalar == .infinity)
    let smallest = v.variance(correction: .min).scalar * 0x1p63
    #expect(abs(smallest - 14.0 / 3) < 1e-14)
    #expect(v.standardDeviation(correction: .min).scalar > 0)
  }
}

@Suite("Ranks from 0 to 8, with and without elements")
struct RankTests {
  typealias Case = OperationCase<Double>

  /// The operations that treat each element alone, by the table's cases whose tensors all have one shape.
  private static let elementwise = OperationCases<Double>.families
    .filter { ["elementwise", "special_functions", "activations"].contains($0.name) }.flatMap(\.cases)
    .filter { c in
      let shapes = Set(c.tensors.map(\.shape))
      return shapes.count == 1 && c.apply(c.tensors).shape == shapes.first
    }

  /// 24 elements along `rank` axes, 1 for rank 0.
  private static func shape(rank: Int) -> Shape {
    let shapes = [
      [], [24], [4, 6], [2, 3, 4], [2, 3, 1, 4], [1, 2, 3, 2, 2], [2, 1, 3, 1, 2, 2], [2, 1, 3, 1, 2, 1, 2],
      [1, 2, 1, 3, 1, 2, 2, 1],
    ]
    return shapes[rank]
  }

  @Test("elementwise operations, and their gradients, do not see the axes", arguments: elementwise)
  func elementwiseRanks(_ c: Case) {
    let count = c.tensors[0].count
    for rank in 0...8 {
      let shape = count == 24 ? Self.shape(rank: rank) : [Int](repeating: 1, count: rank)
      if shape.reduce(1, *) != count { continue }
      let inputs = c.tensors.map { $0.reshaped(to: shape) }
      let result = c.apply(inputs)
      #expect(result.shape == shape)
      #expect(same(result, c.apply(c.tensors)), "rank \(rank)")
      if case .unchecked = c.derivatives { continue }
      let slopes = [c.tensors, inputs].map { valueWithGradient(at: $0) { c.apply($0).sum() }.gradient }
      for (flat, deep) in zip(slopes[0], slopes[1]) {
        #expect(deep.shape == shape)
        #expect(same(flat, deep), "rank \(rank)")
      }
    }
  }

  @Test("elementwise operations of no elements have none, of any rank", arguments: elementwise)
  func elementwiseNothing(_ c: Case) {
    for rank in 1...8 {
      for axis in 0..<rank {
        var shape = Self.shape(rank: rank)
        shape[axis] = 0
        let inputs = c.tensors.map { _ in Tensor<Double>.zeros(shape) }
        #expect(c.apply(inputs).shape == shape)
        if case .unchecked = c.derivatives { continue }
        for slope in valueWithGradient(at: inputs, in: { c.apply($0).sum() }).gradient {
          #expect(slope.shape == shape)
        }
      }
    }
  }

  private static let reductions:
    [(name: String, allowsNothing: Bool, apply: @Sendable (Tensor<Double>, Int) -> Tensor<Double>)] = [
      ("sum", true, { $0.sum(axes: [$1]) }), ("mean", true, { $0.mean(axes: [$1]) }),
      ("variance", true, { $0.variance(axes: [$1], correction: 0) }), ("max", false, { $0.max(axes: [$1]) }),
      ("min", false, { $0.min(axes: [$1]) }), ("argmax", false, { Tensor($0.argmax(axis: $1)) }),
    ]

  @Test("reductions along any axis of any rank are those of the middle one of three", arguments: 1...8)
  func reductionRanks(rank: Int) {
    let shape = Self.shape(rank: rank)
    let x = Tensor((0..<24).map { Double(($0 * 7) % 24) / 4 }, shape: shape)
    for (name, _, apply) in Self.reductions {
      for axis in 0..<rank {
        let outer = shape[..<axis].reduce(1, *)
        let folded = apply(x.reshaped(to: [outer, shape[axis], -1]), 1)
        let result = apply(x, axis)
        var expected = shape
        expected.remove(at: axis)
        #expect(result.shape == expected, "\(name), axis \(axis)")
        #expect(same(result, folded), "\(name), axis \(axis)")
      }
    }
  }

  @Test("reductions of no elements have the shape that is left, of any rank", arguments: 1...8)
  func reductionsOfNothing(rank: Int) {
    for empty in 0..<rank {
      var shape = Self.shape(rank: rank)
      shape[empty] = 0
      for (name, allowsNothing, apply) in Self.reductions {
        for axis in 0..<rank where allowsNothing || axis != empty {
          let result = apply(.zeros(shape), axis)
          var expected = shape
          expected.remove(at: axis)
          #expect(result.shape == expected, "\(name), axis \(axis)")
          if name == "sum" { #expect(result.scalars.allSatisfy { $0 == 0 }) }
        }
      }
    }
  }

  @Test("the axes of any rank can be reversed, sliced, padded, joined and stretched", arguments: 0...8)
  func shapeOperations(rank: Int) {
    let shape = Self.shape(rank: rank)
    let count = shape.reduce(1, *)
    let x = Tensor((0..<count).map(Double.init), shape: shape)
    let reversed = x.transposed(axes: shape.indices.reversed())
    #expect(reversed.shape == shape.reversed())
    let strides = shape.rowMajorStrides
    for (index, scalar) in reversed.scalars.enumerated() {
      var (rest, place) = (index, 0)
      for axis in shape.indices {
        place += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      #expect(scalar == Double(place))
    }
    #expect(reversed.reshaped(to: [-1]).reshaped(to: shape.reversed()).scalars == reversed.scalars)
    #expect(Tensor.stacked([x, x], axis: rank)[..., 1].scalars == x.scalars)
    #expect(x.broadcast(to: [2] + shape).sum(axes: [0]).scalars == (x + x).scalars)
    for axis in 0..<rank {
      var widths = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
      widths[axis] = (1, 2)
      #expect(x.padded(widths).sliced(1..<shape[axis] + 1, axis: axis).scalars == x.scalars)
      let joined = Tensor.concatenated([x, -x], axis: axis)
      #expect(joined.sliced(shape[axis]..., axis: axis).scalars == (-x).scalars)
    }
  }

  @Test("an axis without elements excuses any other length")
  func emptyBesideHuge() {
    let x = Tensor<Double>.zeros([1 << 40, 0, 1 << 40])
    #expect(x.count == 0)
    #expect((x.exp() + 1).shape == x.shape)
    #expect(x.transposed(axes: [2, 1, 0]).reshaped(to: [0, 7]).shape == [0, 7])
    #expect(gradient(at: x) { $0.square().sum() }.shape == x.shape)
  }

  private func same(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Bool {
    zip(a.scalars, b.scalars).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) } && a.count == b.count
  }
}
