import Foundation
import Tensor

/// Whether a texture is new: how much of it is in its source as it stands, and how much of it comes again in itself.
///
/// Both numbers are also taken of the source, which has its own: a window of a wall of bricks looks like many others there.
/// Colours are RGB in 0 … 1 as they are stored; transparent pictures are looked at over white.
public struct TextureComparison: Equatable, Sendable {
  /// How well windows of a picture are found in another.
  ///
  /// For each window the largest normalised cross-correlation with all places of the other picture is taken:
  ///
  ///     Σ (w − w̄)(s − s̄) / √(Σ (w − w̄)² · Σ (s − s̄)²)
  ///
  /// over the window's pixels and channels, with the means of each channel: 1 for a copy, also a brighter or paler one, and
  /// about 0 for what has nothing in common.
  public struct Copying: Equatable, Sendable {
    /// That of the window that is found best.
    public let largest: Double
    /// The mean over all windows.
    public let mean: Double
  }

  /// How well windows of the texture are found in the source.
  public let copying: Copying
  /// How well windows of the source are found in it elsewhere, where less than half of the window is the same.
  public let sourceCopying: Copying
  /// How strongly the texture repeats itself, 0 … 1: see ``repetition(of:)``.
  public let repetition: Double
  /// How strongly the source repeats itself.
  public let sourceRepetition: Double

  /// How wide and high a window is.
  public static let window = 64

  /// The comparison of a texture with its source, at the pixels that both have; `nil` where a side of one is shorter than
  /// ``window``.
  ///
  /// - Complexity: At most 64 windows, with a Fourier transform of the source for each.
  public init?(source: Picture, texture: Picture) {
    let (source, texture) = (source.overWhite, texture.overWhite)
    guard [source, texture].allSatisfy({ min($0.width, $0.height) >= Self.window }) else { return nil }
    let places = WindowPlaces(source, side: Self.window)
    copying = places.copying(of: texture, isItself: false)
    sourceCopying = places.copying(of: source, isItself: true)
    repetition = Self.repetition(of: texture)
    sourceRepetition = Self.repetition(of: source)
  }

  /// How strongly a picture repeats itself, 0 … 1: the largest peak of its autocorrelation beside that at 0.
  ///
  /// The autocorrelation ρ(d) is the correlation of all pixels that lie d apart with each other, over all channels, for d of up
  /// to half of each side. A peak at d is as high as ρ(d) stands above the lowest number, though not below 0, on the straight way
  /// from 0 to d: what is only smooth has none. 1 for a pattern that is repeated, about 0 for noise.
  public static func repetition(of picture: Picture) -> Double {
    let picture = picture.overWhite
    let (width, height) = (picture.width, picture.height)
    let x = centred(picture)
    if Vectors.squaredNorm(x) <= Double(x.count) * 1e-10 { return 0 }
    // With zeros beside the picture, so that nothing comes round.
    let (rows, columns) = (smoothLength(height + height / 2), smoothLength(width + width / 2))
    let padded = x.padded([(0, 0), (0, 0), (0, rows - height), (0, columns - width)])
    let spectrum = padded.rfft2D()
    let power = (spectrum.real.square() + spectrum.imaginary.square()).sum(axes: [1])
    let sums = ComplexParts(real: power, imaginary: .zeros(power.shape)).irfft2D(width: columns).scalars
    // The squares of what two copies have in common: of what lies over each other.
    let squares = IntegralImage(x.square().sum(axes: [1]).scalars.map(Double.init), width: width)
    let (halfWidth, halfHeight) = (width / 2, height / 2)
    func correlation(_ dx: Int, _ dy: Int) -> Double {
      let sum = Double(sums[(dy + rows) % rows * columns + (dx + columns) % columns])
      let own = squares.sum(max(0, -dx)..<min(width, width - dx), max(0, -dy)..<min(height, height - dy))
      let other = squares.sum(max(0, dx)..<min(width, width + dx), max(0, dy)..<min(height, height + dy))
      let size = (own * other).squareRoot()
      return size > 0 ? sum / size : 0
    }
    let span = 2 * halfWidth + 1
    var map = [Double](repeating: 0, count: span * (halfHeight + 1))
    for dy in 0...halfHeight {
      for dx in -halfWidth...halfWidth { map[dy * span + dx + halfWidth] = correlation(dx, dy) }
    }
    var highest = 0.0
    for dy in 0...halfHeight {
      for dx in -halfWidth...halfWidth {
        let value = map[dy * span + dx + halfWidth]
        if value <= highest { continue }
        let steps = max(abs(dx), dy)
        var lowest = value
        for step in 0..<max(steps, 1) {
          let part = Double(step) / Double(max(steps, 1))
          let (u, v) = (Int((part * Double(dx)).rounded()), Int((part * Double(dy)).rounded()))
          lowest = min(lowest, map[v * span + u + halfWidth])
        }
        highest = max(highest, value - max(lowest, 0))
      }
    }
    return highest
  }

  /// The most bytes that comparing pictures of a size takes: the source's transform, a window's, their product, and sums over
  /// rectangles in `Double`.
  package static func bytes(width: Int, height: Int) -> Double { 220 * Double(width) * Double(height) }

  /// About the operations of comparing pictures of a size: two transforms for each of 64 windows of both.
  package static func operations(width: Int, height: Int) -> Double {
    let pixels = Double(width) * Double(height)
    return 2 * 64 * 4 * 2.5 * pixels * log2(max(pixels, 2))
  }

  /// The channels less their means, [1, 3, H, W].
  fileprivate static func centred(_ picture: Picture) -> Tensor<Float> {
    picture.tensor - picture.tensor.mean(axes: [2, 3], keepingDimensions: true)
  }

  /// The least number from `least` on that has no prime factors but 2, 3 and 5, of which transforms are quick.
  fileprivate static func smoothLength(_ least: Int) -> Int {
    func rest(_ n: Int) -> Int {
      var n = n
      for factor in [2, 3, 5] { while n % factor == 0 { n /= factor } }
      return n
    }
    return (least...).first { rest($0) == 1 }!
  }
}

/// All places of a window in a picture.
private struct WindowPlaces {
  private let side: Int
  private let (width, height): (Int, Int)
  private let (rows, columns): (Int, Int)
  private let spectrum: ComplexParts<Float>
  /// √Σ (s − s̄)² at each place, row by row; 0 where there is next to nothing to be found.
  private let deviations: [Double]

  init(_ picture: Picture, side: Int) {
    self.side = side
    (width, height) = (picture.width, picture.height)
    // A place is one where the whole window fits, so that nothing that comes round is looked at.
    (rows, columns) = (
      TextureComparison.smoothLength(height), TextureComparison.smoothLength(width)
    )
    let x = TextureComparison.centred(picture)
    spectrum = x.padded([(0, 0), (0, 0), (0, rows - height), (0, columns - width)]).rfft2D()
    let planes = (0..<3).map { channel in
      let values = x[0, channel].scalars.map(Double.init)
      return (
        sum: IntegralImage(values, width: picture.width),
        square: IntegralImage(values.map { $0 * $0 }, width: picture.width)
      )
    }
    let pixels = Double(side * side)
    var deviations: [Double] = []
    deviations.reserveCapacity((width - side + 1) * (height - side + 1))
    for y in 0...height - side {
      for x in 0...width - side {
        var rest = 0.0
        for plane in planes {
          let sum = plane.sum.sum(x..<x + side, y..<y + side)
          rest += plane.square.sum(x..<x + side, y..<y + side) - sum * sum / pixels
        }
        deviations.append(rest > 1e-8 * pixels ? rest.squareRoot() : 0)
      }
    }
    self.deviations = deviations
  }

  /// - Parameter isItself: Whether the picture is the one with the places; windows are then not found where they are.
  func copying(of picture: Picture, isItself: Bool) -> TextureComparison.Copying {
    let x = TextureComparison.centred(picture)
    var found: [Double] = []
    for top in Self.steps(picture.height - side) {
      for left in Self.steps(picture.width - side) {
        let window = x[0..., 0..., top..<top + side, left..<left + side]
        let centred = window - window.mean(axes: [2, 3], keepingDimensions: true)
        let size = Vectors.squaredNorm(centred).squareRoot()
        // A plain window is in no picture and in all of them.
        guard size * size > 1e-8 * Double(side * side) else { continue }
        found.append(largest(centred, size, besides: isItself ? (left, top) : nil))
      }
    }
    guard let largest = found.max() else { return .init(largest: 0, mean: 0) }
    return .init(largest: largest, mean: found.reduce(0, +) / Double(found.count))
  }

  /// Up to eight places from 0 to the last, half a window apart at least.
  private static func steps(_ last: Int) -> [Int] {
    let count = min(8, last / (TextureComparison.window / 2) + 1)
    return count == 1 ? [last / 2] : (0..<count).map { $0 * last / (count - 1) }
  }

  private func largest(_ window: Tensor<Float>, _ size: Double, besides own: (x: Int, y: Int)?) -> Double {
    let w = window.padded([(0, 0), (0, 0), (0, rows - side), (0, columns - side)]).rfft2D()
    let product = ComplexParts(
      real: (spectrum.real * w.real + spectrum.imaginary * w.imaginary).sum(axes: [1]),
      imaginary: (spectrum.imaginary * w.real - spectrum.real * w.imaginary).sum(axes: [1]))
    let sums = product.irfft2D(width: columns).scalars
    let places = width - side + 1
    var best = -1.0
    for y in 0...height - side {
      for x in 0..<places {
        let deviation = deviations[y * places + x]
        if deviation == 0 { continue }
        if let own, max(abs(x - own.x), abs(y - own.y)) < side / 2 { continue }
        best = max(best, Double(sums[y * columns + x]) / (size * deviation))
      }
    }
    return max(best, 0)
  }
}

/// Sums over the rectangles of a plane.
private struct IntegralImage {
  private let width: Int
  private var sums: [Double]

  init(_ values: [Double], width: Int) {
    self.width = width + 1
    let height = values.count / width
    sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0.0
      for x in 0..<width {
        row += values[y * width + x]
        sums[(y + 1) * self.width + x + 1] = sums[y * self.width + x + 1] + row
      }
    }
  }

  func sum(_ x: Range<Int>, _ y: Range<Int>) -> Double {
    let (top, bottom) = (y.lowerBound * width, y.upperBound * width)
    return sums[bottom + x.upperBound] - sums[bottom + x.lowerBound] - sums[top + x.upperBound]
      + sums[top + x.lowerBound]
  }
}
