import Tensor
import TestSupport
import Testing

@testable import NN

/// The losses that keep shapes and lines.
@Suite("Shapes") struct ShapeLossTests {
  private func features(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...2), shape: shape)
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0.0) { sum, pair in sum + (pair.0 - pair.1) * (pair.0 - pair.1) }
  }

  @Test("SelfSimilarityLoss: is its formula, and blind to how features are turned and scaled")
  func similarity() {
    let (f, p) = (features([1, 2, 3, 2], seed: 1), features([1, 2, 3, 2], seed: 2))
    let places = [0, 2, 3, 5]
    let loss = SelfSimilarityLoss(target: p, places: places)
    func cosines(_ x: Tensor<Double>) -> [Double] {
      let a = x.scalars
      func product(_ i: Int, _ j: Int) -> Double { a[i] * a[j] + a[6 + i] * a[6 + j] }
      return places.flatMap { i in
        places.map { j in product(i, j) / (product(i, i) * product(j, j)).squareRoot() }
      }
    }
    let (own, wanted) = (cosines(f), cosines(p))
    let distance = Self.squaredDistance(own, wanted)
    let size = Self.squaredDistance(wanted, wanted.map { _ in 1 })
    #expect(abs(loss(f).scalar / (distance / size) - 1) < 1e-9)
    #expect(loss(p).scalar < 1e-20)
    // Turned by a right angle and made twice as large, features are as alike as before.
    let turned = Tensor.concatenated([-p[0..., 1..<2], p[0..., 0..<1]], axis: 1) * 2
    #expect(loss(turned).scalar < 1e-18)
  }

  @Test("SelfSimilarityLoss: derivatives are right")
  func similarityGradient() {
    let loss = SelfSimilarityLoss(target: features([1, 3, 4, 4], seed: 2), places: [0, 3, 4, 9, 15])
    let x = features([1, 3, 4, 4], seed: 1)
    let result = GradientCheck.check(at: x) { loss($0) }
    #expect(result.passed && result.inputs[0].analytic != 0)
    let tracked = x.tracked()
    let slope = gradient(of: loss(tracked), withRespectTo: [tracked])[0].reshaped(to: [3, 16])
    #expect(slope[0..., [1, 2, 5, 6]].abs().sum().scalar == 0)
  }

  @Test(
    "SelfSimilarityLoss: places are seeded, in order, and one to a cell",
    arguments: [(64, 64), (90, 41), (20, 30)])
  func places(height: Int, width: Int) {
    func places(_ seed: UInt64) -> [Int] {
      SelfSimilarityLoss<Float>.places(height: height, width: width, seed: seed)
    }
    let own = places(3)
    #expect(own == places(3) && own == own.sorted() && Set(own).count == own.count)
    #expect(own.first! >= 0 && own.last! < height * width)
    if height * width <= 1024 {
      #expect(own.count == height * width)
    } else {
      #expect(own.count > 900 && own.count <= 1024 && own != places(4))
      let rows = Set(own.map { $0 / width })
      let columns = Set(own.map { $0 % width })
      #expect(rows.count > height / 3 && columns.count > width / 3)
    }
  }

  @Test("SelfSimilarityLoss: windows count as their means, and their derivatives are right")
  func windows() {
    let (x, p) = (features([1, 3, 6, 4], seed: 1), features([1, 3, 6, 4], seed: 2))
    // Windows of 2×2 pixels, all but the one at the lower left.
    let loss = SelfSimilarityLoss(target: p, places: [0, 2, 8, 10, 18], side: 2)
    let small = SelfSimilarityLoss(target: p.averagePool2D(window: 2), places: [0, 1, 2, 3, 5])
    #expect(abs(loss(x).scalar / small(x.averagePool2D(window: 2)).scalar - 1) < 1e-12)
    // Also of windows that lie over each other.
    for loss in [loss, SelfSimilarityLoss(target: p, places: [0, 1, 2, 5, 14], side: 2)] {
      let result = GradientCheck.check(at: x) { loss($0) }
      #expect(result.passed && result.inputs[0].analytic != 0)
    }
  }

  @Test("SelfSimilarityLoss: windows that end in other bands of rows have the same means, to the bits")
  func bandsOfWindows() {
    let x = Tensor<Float>(features([1, 5, 12, 9], seed: 3))
    let request = FeatureSums<Float>.Request(places: [0, 5, 11, 33, 42, 76], placeSide: 3)
    let whole = FeatureSums(x, request).samples!
    let slope = Tensor<Float>(features([5, 6], seed: 4))
    let gradient = request.gradient([slope], at: x, x.shape, rows: 0..<12)!
    for cuts in [[1, 2, 7], [3, 6, 9], [5]] {
      var sums = LayerSums(request, of: x.shape)
      for (first, end) in zip([0] + cuts, cuts + [12]) {
        let band = x[0..., 0..., first..<end]
        sums.add(band, rows: first..<end)
        let own = request.gradient([slope], at: band, x.shape, rows: first..<end)!
        #expect(own.scalars == gradient[0..., 0..., first..<end].scalars)
      }
      #expect(sums.outputs(x.shape)[0].scalars == whole.scalars)
    }
    #expect(
      abs(Double(whole[2, 1].scalar) - features([1, 5, 12, 9], seed: 3)[0, 2, 0..<3, 5..<8].mean().scalar)
        < 1e-6)
  }

  @Test(
    "SelfSimilarityLoss: windows lie in the picture, nearly cover it, and none is over another",
    arguments: [
      (64, 64, 1024, 2), (90, 41, 1024, 1), (20, 30, 1024, 1), (170, 256, 1024, 6), (2, 5000, 1024, 2),
      (700, 3, 1024, 1), (64, 64, 256, 4), (90, 41, 256, 3), (20, 12, 256, 1), (170, 256, 256, 13),
    ])
  func windows(height: Int, width: Int, count: Int, wanted: Int) {
    typealias Loss = SelfSimilarityLoss<Float>
    let (places, side) = Loss.windows(height: height, width: width, count: count, seed: 5)
    #expect(side == wanted)
    #expect((Loss.windows(height: height, width: width, seed: 5).places == places) == (count == 256))
    let pixels = places.flatMap { place in
      (0..<side).flatMap { row in (0..<side).map { place + row * width + $0 } }
    }
    #expect(Set(pixels).count == pixels.count && pixels.max()! < height * width)
    #expect(places.allSatisfy { $0 % width + side <= width })
    if side == 1 {
      #expect(places == Loss.places(height: height, width: width, count: count, seed: 5))
    } else {
      #expect(Double(pixels.count) > 0.4 * Double(height * width))
    }
  }

  @Test("LaplacianLoss: is its formula, blind to colours and slopes, and its derivatives are right")
  func laplacian() {
    let (x, y) = (features([1, 3, 12, 14], seed: 1), features([1, 3, 12, 14], seed: 2))
    let loss = LaplacianLoss(target: y, windows: [2])
    func laplacian(_ x: Tensor<Double>) -> [Double] {
      let grey = x.mean(axes: [1]).reshaped(to: [6, 2, 7, 2]).mean(axes: [1, 3]).scalars
      var found: [Double] = []
      for row in 1..<5 {
        for column in 1..<6 {
          let place = row * 7 + column
          let neighbours: Double = grey[place - 1] + grey[place + 1] + grey[place - 7] + grey[place + 7]
          found.append(4 * grey[place] - neighbours)
        }
      }
      return found
    }
    let (own, wanted) = (laplacian(x), laplacian(y))
    let mean = wanted.reduce(0) { $0 + $1 * $1 } / Double(wanted.count)
    let roots = wanted.map { ($0 * $0 / ($0 * $0 + mean)).squareRoot() }
    let distance =
      Self.squaredDistance(zip(own, roots).map(*), zip(wanted, roots).map(*))
      / Self.squaredDistance(zip(wanted, roots).map(*), wanted.map { _ in 0 })
    #expect(abs(loss(x).scalar / distance - 1) < 1e-9)
    let colour = Tensor<Double>([0.2, 0.1, -0.3], shape: [1, 3, 1, 1])
    let slope = Tensor<Double>((0..<14).map(Double.init), shape: [1, 1, 1, 14])
    #expect(loss(y + colour + slope * 0.1).scalar < 1e-20)
    let result = GradientCheck.check(at: x) { loss($0) }
    #expect(result.passed && result.inputs[0].analytic != 0)
    // No window fits: nothing is kept.
    #expect(LaplacianLoss(target: y, windows: [5])(x).scalar == 0)
  }

  @Test("LaplacianLoss: strokes on a plain ground are free, and a line of the other picture is not")
  func plainGround() {
    var line = Tensor<Double>(repeating: 0.5, shape: [1, 3, 32, 32])
    line[..., 8..<10] = Tensor(1)
    // As strong a stroke where there is nothing, and across the line.
    var (beside, across) = (line, line)
    beside[..., 20..<24, 18..<28] = Tensor(0.8)
    across[..., 20..<24, 4..<14] = Tensor(0.8)
    let loss = LaplacianLoss(target: line, windows: [1, 2])
    #expect(loss(beside).scalar < 1e-3 && loss(across).scalar > 0.02)
    // A picture without a line leaves everything free.
    let plain = Tensor<Double>(repeating: 0.5, shape: [1, 3, 32, 32])
    #expect(LaplacianLoss(target: plain, windows: [2])(across).scalar == 0)
  }

  @Test("LaplacianLoss: a picture of three times the size with the same lines has the same loss")
  func sizes() {
    let (x, y) = (features([1, 3, 48, 64], seed: 1), features([1, 3, 48, 64], seed: 2))
    func larger(_ x: Tensor<Double>) -> Tensor<Double> {
      x.reshaped(to: [1, 3, 48, 1, 64, 1]).broadcast(to: [1, 3, 48, 3, 64, 3]).reshaped(to: [1, 3, 144, 192])
    }
    let own = LaplacianLoss(target: y)(x).scalar
    #expect(own > 0.1)
    #expect(abs(LaplacianLoss(target: larger(y))(larger(x)).scalar / own - 1) < 1e-9)
  }

  @Test("LaplacianLoss: pixels that do not count change nothing")
  func weighted() {
    let (x, y) = (features([1, 3, 16, 16], seed: 1), features([1, 3, 16, 16], seed: 2))
    var weights = Tensor<Double>.zeros([1, 1, 16, 16])
    weights[..., ..<8] = Tensor(1)
    var other = x
    other[..., 10...] = Tensor(7)
    let loss = LaplacianLoss(target: y, windows: [2], weights: weights)
    #expect(loss(x).scalar == loss(other).scalar && loss(x).scalar > 0)
    #expect(LaplacianLoss(target: y, windows: [2], weights: weights * 0)(x).scalar == 0)
  }

  @Test("objective: shapes and lines are terms of the total, 0 at the content")
  func terms() throws {
    let (content, image) = (try Fixture.picture("content"), try Fixture.picture("image"))
    func terms(_ weights: StyleTransferObjective.Weights, at x: Tensor<Float>) throws
      -> StyleTransferObjective.Terms
    {
      try StyleTransferObjective(
        network: Fixture.network(), content: content, styles: [], weights: weights)(x).terms
    }
    let both = StyleTransferObjective.Weights(content: 1, style: 0, selfSimilarity: 3, laplacian: 0.5)
    let found = try terms(both, at: image)
    #expect(found.selfSimilarity > 0 && found.laplacian > 0)
    let sum = found.content + 3 * found.selfSimilarity + 0.5 * found.laplacian
    #expect(abs(found.total / sum - 1) < 1e-5)
    let same = try terms(both, at: content)
    // Cosines of the same features, rounded alike.
    #expect(same.selfSimilarity == 0 && same.laplacian == 0)
    #expect(try terms(.init(content: 1, style: 0), at: image).selfSimilarity == 0)
  }
}
