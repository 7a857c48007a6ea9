import Tensor

/// How differently the places of a picture resemble each other from those of another: the loss that keeps shapes and
/// leaves colours and strokes free (the content term of STROTSS; Kolkin, Salavon and Shakhnarovich, 2019).
///
///     Σ (S[i, j] − S*[i, j])² / Σ (1 − S*[i, j])²        S[i, j] = cos(F[i], F[j])
///
/// F[i] are the features of one layer at n places, the same in both pictures, or their means over windows there. Lettering
/// stays lettering since its places stay like each other and unlike their ground, whatever either looks like. The paper takes
/// columns of many layers, the mean of absolute differences and distances that are divided by the sum of their column; squares
/// of one layer's have a slope everywhere, which L-BFGS needs.
public struct SelfSimilarityLoss<Scalar: TensorScalar>: Sendable {
  /// The places, row by row of a layer of H × W pixels: row · W + column, ascending.
  public let places: [Int]
  /// How many pixels wide and high the window is that is averaged at a place, of which that is the first pixel.
  public let side: Int
  /// S*, [n, n].
  private let target: Tensor<Scalar>
  private let scale: Double

  /// The loss of features against those of another picture.
  ///
  /// - Parameters:
  ///   - features: The other picture's, [1, C, H, W].
  ///   - places: Which of the H · W pixels are compared, ascending; see ``places(height:width:count:seed:)``.
  ///   - side: How wide and high the windows are, see ``windows(height:width:count:seed:)``; 1 for the pixels themselves.
  /// - Precondition: There is a place, and all windows are in the picture.
  public init(target features: Tensor<Scalar>, places: [Int], side: Int = 1) {
    ShapeCheck.require(
      features.rank == 4 && features.shape[0] == 1 && !places.isEmpty && side > 0
        && zip(places, places.dropFirst()).allSatisfy { $0 < $1 } && places[0] >= 0
        && places.allSatisfy {
          $0 % features.shape[3] <= features.shape[3] - side
            && $0 / features.shape[3] <= features.shape[2] - side
        }
    ) {
      "SelfSimilarityLoss: \(places.count) places of windows of \(side)×\(side) in features \(features.shape); ascending "
        + "places of [1, C, H, W] are needed, with windows that end in it"
    }
    self.init(
      samples: FeatureSums(features.detached(), .init(places: places, placeSide: side)).samples!,
      places: places, side: side)
  }

  /// - Parameter samples: The other picture's mean features of the windows, [C, n].
  init(samples: Tensor<Scalar>, places: [Int], side: Int = 1) {
    (self.places, self.side) = (places, side)
    target = Self.similarities(samples.detached()).lasting()
    let distance = Vectors.squaredDistance(target, Tensor(repeating: 1, shape: target.shape))
    scale = 1 / (distance > 0 ? distance : Double(target.count))
  }

  /// The loss of `features`, [1, C, H, W], a tensor of rank 0.
  public func callAsFunction(_ features: Tensor<Scalar>) -> Tensor<Scalar> {
    self(samples: FeatureSums(features, .init(places: places, placeSide: side)).samples!)
  }

  func callAsFunction(samples: Tensor<Scalar>) -> Tensor<Scalar> {
    squaredDistance(Self.similarities(samples), target, scale: scale)
  }

  /// The cosines of columns [C, n], [n, n].
  private static func similarities(_ samples: Tensor<Scalar>) -> Tensor<Scalar> {
    // A place where the network sees nothing is like no other.
    let lengths = (samples.square().sum(axes: [0], keepingDimensions: true) + 1e-12).sqrt()
    return (samples / lengths).transposed().selfProduct()
  }
}

extension SelfSimilarityLoss {
  /// About `count` places of a layer: one at random in each cell of a grid, ascending.
  ///
  /// - Parameters:
  ///   - height: H.
  ///   - width: W.
  ///   - count: All pixels are taken where there are no more than that.
  ///   - seed: The same places come of the same seed and size.
  public static func places(height: Int, width: Int, count: Int = 1024, seed: UInt64) -> [Int] {
    places(height: height, width: width, count: count, side: 1, seed: seed)
  }

  /// About `count` windows of a layer, each nearly as large as its part of it: one at random in each cell of a grid.
  ///
  /// Single pixels that are to be as alike as those of a plain wall leave no stroke on it, only grain; means over windows
  /// leave strokes within a window free, and a window is the same part of a picture at each size. Of a large picture single
  /// pixels would also be few: those alone would be pulled at, and stand out of it as specks.
  ///
  /// - Parameters:
  ///   - height: H.
  ///   - width: W.
  ///   - count: All pixels are taken where there are no more than that.
  ///   - seed: The same windows come of the same seed and size.
  /// - Returns: The first pixels of the windows, ascending, and how many pixels these are wide and high; where that is 1
  ///   they are ``places(height:width:count:seed:)``.
  public static func windows(
    height: Int, width: Int, count: Int = 256, seed: UInt64
  ) -> (places: [Int], side: Int) {
    let cell = (Double(height * width) / Double(max(count, 1))).squareRoot()
    let side = max(1, min(Int(cell), height, width))
    return (places(height: height, width: width, count: count, side: side, seed: seed), side)
  }

  private static func places(height: Int, width: Int, count: Int, side window: Int, seed: UInt64) -> [Int] {
    ShapeCheck.require(height > 0 && width > 0 && count > 0) {
      "SelfSimilarityLoss.places: \(count) places of \(height)×\(width) pixels; numbers above 0 are needed"
    }
    if height * width <= count { return Array(0..<height * width) }
    let side = (Double(height * width) / Double(count)).squareRoot()
    let rows = min(height, max(1, Int(Double(height) / side)))
    let columns = min(width, max(1, Int(Double(width) / side)))
    var generator = RandomGenerator(seed: seed, stream: 7)
    var places: [Int] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let cell = (
          row * height / rows..<(row + 1) * height / rows,
          column * width / columns..<(column + 1) * width / columns
        )
        let draw = generator.next()
        let y = cell.0.lowerBound + Int(draw >> 32) % (cell.0.count - window + 1)
        let x = cell.1.lowerBound + Int(draw & 0xFFFF_FFFF) % (cell.1.count - window + 1)
        places.append(y * width + x)
      }
    }
    return places.sorted()
  }
}
