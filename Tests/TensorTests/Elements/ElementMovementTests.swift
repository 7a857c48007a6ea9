import TestSupport
import Testing

@testable import Tensor

/// Shapes, indexing and copies are for elements of every type: each is compared with what the same calls make of the
/// positions of the elements.
@Suite struct ElementMovementTests {
  /// What moves elements: from a tensor of shape [4, 6] without computing.
  private enum Movement: String, CaseIterable {
    case transposed, sliced, reversed, listed, masked, gathered, concatenated, padded, tiled, rolled,
      diagonal, chosen
    case assigned, large

    func apply<Scalar: TensorElement>(_ x: Tensor<Scalar>, _ mask: Tensor<Bool>) -> Tensor<Scalar> {
      switch self {
      case .transposed: return x.transposed().reshaped(to: [2, 12])
      case .sliced: return x[1..<3, (0...).strided(by: 2)]
      case .reversed: return x.flipped(axes: [1]).transposed()
      case .listed: return x[[3, 0, 3], [1, -1]]
      case .masked: return x[where: mask]
      case .gathered: return x.gathered(at: Tensor<Int32>([[0, 5], [1, 1], [2, 0], [3, 4]]), axis: 1)
      case .concatenated: return .stacked([x, x.flipped()], axis: 1)
      case .padded: return x.padded([(before: 2, after: 1), (before: 0, after: 3)], mode: .reflect)
      case .tiled: return x.tiled(by: [2, 1, 2]).repeated(2, axis: 0)
      case .rolled: return x.rolled(by: 2, axis: 1)
      case .diagonal: return x.diagonal(offset: 1)
      case .chosen: return .where(mask, x, x.flipped())
      case .assigned:
        var y = x
        y[0..., [2, 0]] = x[0..., 4..<6]
        y[where: mask] = x[0, 0]
        return y
      case .large:
        // Enough for tiles, and for several threads.
        return x.broadcast(to: [50, 4, 6]).transposed(axes: [2, 1, 0]).tiled(by: [8, 5, 3]).transposed(axes: [
          2, 0, 1,
        ])
      }
    }
  }

  private func expectMovements<Scalar: TensorElement>(
    of elements: [Scalar], _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let positions = Tensor<Double>((0..<24).map(Double.init), shape: [4, 6])
    let mask = Tensor<Bool>(positions.remainder(modulo: 5) .< 2)
    let x = Tensor(elements, shape: [4, 6])
    for movement in Movement.allCases {
      let moved = movement.apply(x, mask)
      let wanted = movement.apply(positions, mask)
      #expect(moved.shape == wanted.shape, "\(movement)", sourceLocation: sourceLocation)
      #expect(
        moved.scalars == wanted.scalars.map { elements[Int($0)] }, "\(Scalar.scalarName), \(movement)",
        sourceLocation: sourceLocation)
      #expect(!moved.isTracked, sourceLocation: sourceLocation)
    }
    #expect(Tensor<Scalar>.zeros([2, 0]).transposed().shape == [0, 2], sourceLocation: sourceLocation)
    let zero = Tensor<Scalar>.zeros([1]).scalars[0]
    #expect(
      x.padded([(before: 1, after: 0)]).scalars.prefix(1) == [zero], sourceLocation: sourceLocation)
  }

  @Test("elements of every type are moved as all others are")
  func movements() {
    expectMovements(of: (0..<24).map { $0 % 3 == 1 })
    expectMovements(of: (0..<24).map { UInt8(10 * $0 + 3) })
    expectMovements(of: (0..<24).map { Int32($0) * -89_478_485 })
    expectMovements(of: (0..<24).map { Int64($0) << 57 | 1 })
    expectMovements(of: (0..<24).map { BFloat16(Float($0) / 4 - 2) })
    expectMovements(of: (0..<24).map { Float($0) / 7 })
    expectMovements(of: (0..<24).map { Double($0) / 7 })
    #if !(os(macOS) && arch(x86_64))
      expectMovements(of: (0..<24).map { Float16($0) / 7 })
    #endif
  }

  @Test("a mask takes a byte an element, a token what its type does")
  func memory() {
    func bytes<Scalar: TensorElement>(_ x: Tensor<Scalar>) -> Int { x.array.storage.byteCount }
    let x = Tensor<Float>.ones([10, 10])
    #expect(bytes(x .> 0) == 100)
    #expect(bytes(Tensor<Int32>(x)) == 400 && bytes(Tensor<BFloat16>(x)) == 200 && bytes(x.argsort()) == 800)
  }

  @Test("values are written through unsafe memory, and copies keep theirs")
  func values() {
    var mask = Tensor([true, false, true])
    let copy = mask
    mask.withUnsafeMutableScalars { $0[1] = true }
    #expect(mask.scalars == [true, true, true] && copy.scalars == [true, false, true])
    var tokens = Tensor<Int32>.zeros([2, 2])
    tokens[1] = Tensor([7, 8])
    #expect(tokens.scalars == [0, 0, 7, 8] && tokens[1, 0].scalar == 7)
    #expect(Tensor<Int64>(integers: [3, 1]).integers == [3, 1] && Tensor<UInt8>(9).integers == [9])
  }

  @Test("descriptions show elements as what they are")
  func descriptions() {
    #expect("\(Tensor([true, false]))" == "Tensor<Bool>[2] [ true, false]")
    #expect("\(Tensor<Int64>([[1, -20], [3, 4]]))" == "Tensor<Int64>[2, 2]\n[[  1, -20],\n [  3,   4]]")
    #expect("\(Tensor<UInt8>(7))" == "Tensor<UInt8>[] 7")
    #expect("\(Tensor<BFloat16>(Tensor<Float>([0.5, .nan])))" == "Tensor<BFloat16>[2] [0.5, nan]")
    #expect("\(Tensor<Int32>.zeros([0, 2]))" == "Tensor<Int32>[0, 2] []")
  }
}
