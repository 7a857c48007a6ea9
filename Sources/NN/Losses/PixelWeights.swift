import Tensor

/// How often each pixel of a layer counts in a statistic.
///
/// One that is shared by several losses is one object, and what is added up with it is added up once.
final class PixelWeights<Scalar: TensorScalar>: Sendable {
  /// w, [1, 1, H, W], not negative.
  let map: Tensor<Scalar>
  /// Σ w.
  let sum: Double

  init(_ map: Tensor<Scalar>) {
    ShapeCheck.require(map.rank == 4 && map.shape[0] == 1 && map.shape[1] == 1) {
      "PixelWeights: the weights \(map.shape) are not of the form [1, 1, H, W]"
    }
    self.map = map.lasting()
    sum = map.scalars.reduce(0) { $0 + Double($1) }
  }

  /// The weights of some rows.
  func rows(_ rows: Range<Int>) -> Tensor<Scalar> {
    rows.count == map.shape[2] ? map : map.sliced(rows, axis: 2)
  }
}

/// The regions of a picture, carried from its pixels to those of the network's layers.
///
/// A convolution keeps its picture's size, and a pixel of its output counts where its centre is. A pooling makes one pixel
/// of four:
///
/// - To a *region* belongs what any of the four belongs to, so that a wire of one pixel is still one after all poolings.
///   Where several regions claim a pixel together more than once over, each gets its part: there their manners blend.
/// - Of the *opacity* the mean is taken: a pixel counts as much as there is to be seen of it.
///
/// An odd last row or column, which a pooling leaves out, counts with the one before it.
public struct RegionMaps: Sendable {
  private let opacity: Map?
  private let regions: [Map?]

  /// Maps of a picture whose opacity and regions are given at its own size.
  ///
  /// - Parameters:
  ///   - opacity: How much of each pixel counts at all, [1, 1, H, W] in 0 … 1; `nil` for all of it.
  ///   - regions: How much each pixel belongs to each region, [1, 1, H, W] in 0 … 1; `nil` for a region that is everywhere.
  /// - Precondition: All have the same size.
  public init(opacity: Tensor<Float>?, regions: [Tensor<Float>?]) {
    let shapes = ([opacity] + regions).compactMap { $0?.shape }
    for shape in shapes {
      ShapeCheck.require(shape.count == 4 && shape[0] == 1 && shape[1] == 1 && shape == shapes[0]) {
        "RegionMaps: the maps \(shapes) are not all [1, 1, H, W] of one size"
      }
    }
    self.opacity = opacity.map(Map.init)
    self.regions = regions.map { $0.map(Map.init) }
  }

  /// How often each pixel counts in each region after `poolings` poolings, [1, 1, H / 2ᵖ, W / 2ᵖ]: its opacity times its
  /// part in the region. `nil` where all pixels count once.
  public func weights(poolings: Int) -> [Tensor<Float>?] {
    var (opacity, regions) = (opacity, regions)
    for _ in 0..<poolings {
      opacity = opacity?.halved(by: { $0.reduce(0, +) / Float($0.count) })
      regions = regions.map { $0?.halved(by: { $0.max() ?? 0 }) }
    }
    guard let size = opacity ?? regions.compactMap({ $0 }).first else { return regions.map { _ in nil } }
    let everywhere = Float(regions.count { $0 == nil })
    return regions.map { region in
      if opacity == nil, regions.count == 1, region == nil { return nil }
      var map = size
      for pixel in map.values.indices {
        let claims = regions.reduce(everywhere) { $0 + ($1?.values[pixel] ?? 0) }
        map.values[pixel] = (region?.values[pixel] ?? 1) / max(1, claims) * (opacity?.values[pixel] ?? 1)
      }
      return Tensor(map.values, shape: [1, 1, map.height, map.width])
    }
  }

  /// A plane of numbers.
  private struct Map: Sendable {
    var values: [Float]
    let (width, height): (Int, Int)

    init(_ tensor: Tensor<Float>) {
      (values, height, width) = (tensor.scalars, tensor.shape[2], tensor.shape[3])
    }

    private init(_ values: [Float], width: Int, height: Int) {
      (self.values, self.width, self.height) = (values, width, height)
    }

    /// With a number for each window of 2×2; an odd last row or column belongs to the window before it.
    func halved(by combine: ([Float]) -> Float) -> Map {
      let (halfWidth, halfHeight) = (max(1, width / 2), max(1, height / 2))
      var halves: [Float] = []
      halves.reserveCapacity(halfWidth * halfHeight)
      var window: [Float] = []
      for y in 0..<halfHeight {
        let rows = 2 * y..<(y == halfHeight - 1 ? height : 2 * y + 2)
        for x in 0..<halfWidth {
          let columns = 2 * x..<(x == halfWidth - 1 ? width : 2 * x + 2)
          window.removeAll(keepingCapacity: true)
          for row in rows {
            window += values[row * width + columns.lowerBound..<row * width + columns.upperBound]
          }
          halves.append(combine(window))
        }
      }
      return Map(halves, width: halfWidth, height: halfHeight)
    }
  }
}
