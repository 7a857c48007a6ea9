import Tensor

/// How far a picture is from having the power spectrum of another: the loss that keeps what repeats, such as courses of bricks
/// and threads of a weave (Gonthier, Gousseau and Ladjal, High-Resolution Neural Texture Synthesis with Long-Range
/// Constraints, 2020).
///
///     ‖p(x) − x*‖² / ‖p(y) − ȳ‖²,    x̂*(ω) = ŷ(ω) · ⟨x̂(ω), ŷ(ω)⟩ / |⟨x̂(ω), ŷ(ω)⟩|
///
/// x̂ and ŷ are the Fourier transforms of p(x) and p(y), and ȳ the means of y's channels. x* is what is next to the picture x
/// [1, C, H, W] and has at each frequency ω the numbers of the other picture y, but for one phase that the channels have in
/// common: their colours go together as they do in y.
///
/// p is a picture's periodic part (Moisan, Periodic plus Smooth Image Decomposition, 2011). A transform takes a picture for a
/// tile, and sees the step between its opposite edges as waves of all lengths; a picture that had to have those of another
/// one's step would get a frame. Where the pictures x are tiles, whose edges meet, p is y's alone.
///
/// y need not have x's size. What is larger of it is cut off around its middle; what is smaller stands before its means, with
/// borders that fade out, and counts as often as there is room for it (Galerne, Gousseau and Morel, Random Phase Textures,
/// 2011).
///
/// Long waves can be left out, at which x* is as x: a picture's power there is that of its few large shapes, and next to it
/// these come to stand as they stand in y.
public struct SpectrumLoss<Scalar: TensorScalar>: Sendable {
  /// ŷ at x's size, the half that `rfft2D` gives, each [1, C, H, W/2 + 1].
  private let (real, imaginary): (Tensor<Scalar>, Tensor<Scalar>)
  private let size: (height: Int, width: Int)
  /// p where x is no tile.
  private let periodicPart: PeriodicPart<Scalar>?
  private let scale: Double
  /// 1 where a wave counts and 0 where it is too long, [1, 1, H, W/2 + 1]; `nil` where all count.
  private let counted: Tensor<Scalar>?

  /// The loss of pictures against the spectrum of `image`.
  ///
  /// - Parameters:
  ///   - image: y, [1, C, H′, W′].
  ///   - height: H, of the pictures whose loss is taken.
  ///   - width: W.
  ///   - isPeriodic: Whether these are tiles, whose edges meet.
  ///   - longestWave: The length in pixels, above 0, of the longest wave that counts; `nil` for all.
  ///   - opacity: How much of each pixel of y can be seen, [1, 1, H′, W′] in 0 … 1: what is hidden is taken for the means of
  ///     the rest. `nil` for all.
  public init(
    target image: Tensor<Scalar>, height: Int, width: Int, isPeriodic: Bool = false,
    longestWave: Double? = nil, opacity: Tensor<Scalar>? = nil
  ) {
    ShapeCheck.require(image.rank == 4 && image.shape[0] == 1 && image.count > 0 && height > 0 && width > 0) {
      "SpectrumLoss: a picture \(image.shape) for pictures of \(height)×\(width) pixels; [1, C, H, W] and sides above 0 are "
        + "needed"
    }
    ShapeCheck.require(opacity.map { $0.shape == [1, 1, image.shape[2], image.shape[3]] } ?? true) {
      "SpectrumLoss: an opacity \(opacity?.shape ?? []) for a picture \(image.shape); [1, 1, H, W] is needed"
    }
    ShapeCheck.require(longestWave.map { $0 > 0 } ?? true) {
      "SpectrumLoss: a longest wave of \(longestWave ?? 0) pixels; a length above 0 is needed, or nil for all waves"
    }
    size = (height, width)
    periodicPart = isPeriodic ? nil : PeriodicPart(height: height, width: width)
    let sample = Self.sample(
      Tensor<Double>(image.detached()), height, width, opacity: opacity.map { Tensor<Double>($0.detached()) })
    let spectrum = sample.rfft2D()
    real = Tensor<Scalar>(spectrum.real).lasting()
    imaginary = Tensor<Scalar>(spectrum.imaginary).lasting()
    counted = longestWave.map { Self.counted(height, width, longestWave: $0).lasting() }
    let means = sample.mean(axes: [2, 3], keepingDimensions: true)
    // A picture counts as no calmer than steps of one 255th.
    scale = 1 / max(Vectors.squaredNorm(sample - means), Double(sample.count) / (255 * 255))
  }

  /// The loss of `image`, a tensor of rank 0. Its gradient is that of the distance from x*, which does not change where x
  /// comes nearer to it.
  ///
  /// - Precondition: `image` has the height and the width that the loss was made for, and the other picture's channels.
  public func callAsFunction(_ image: Tensor<Scalar>) -> Tensor<Scalar> {
    let shape = [1, real.shape[1], size.height, size.width]
    ShapeCheck.require(image.shape == shape) {
      "SpectrumLoss: a picture \(image.shape); the loss is one of \(shape)"
    }
    let seen = periodicPart?(image) ?? image
    let distance = Vectors.squaredDistance(seen.detached(), nearest(to: seen.detached()))
    return record(
      "spectrum", Tensor(Scalar(scale * distance)),
      (seen, { g in g * (seen - nearest(to: seen)) * Scalar(2 * scale) }))
  }

  /// x* for a periodic part p(x), [1, C, H, W].
  func nearest(to seen: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = seen.rfft2D()
    let axis = [1]
    let along = (x.real * real + x.imaginary * imaginary).sum(axes: axis, keepingDimensions: true)
    let across = (x.imaginary * real - x.real * imaginary).sum(axes: axis, keepingDimensions: true)
    // Where there is nothing to turn to, any phase is as near.
    let modulus = (along.square() + across.square() + .leastNormalMagnitude).sqrt()
    let (c, s) = (along / modulus, across / modulus)
    var next = ComplexParts(real: real * c - imaginary * s, imaginary: real * s + imaginary * c)
    if let counted {
      next = ComplexParts(
        real: x.real + counted * (next.real - x.real),
        imaginary: x.imaginary + counted * (next.imaginary - x.imaginary))
    }
    return next.irfft2D(width: size.width)
  }

  private static func counted(_ height: Int, _ width: Int, longestWave: Double) -> Tensor<Scalar> {
    let periodic = InverseFrequencyFilter<Scalar>.Boundary.periodic
    let (rows, columns) = (periodic.frequencies(height), periodic.frequencies(width)[...(width / 2)])
    return Tensor(
      rows.flatMap { y in
        columns.map { x in (x * x + y * y).squareRoot() * longestWave >= 1 ? 1 : 0 }
      }, shape: [1, 1, height, columns.count])
  }

  // MARK: - The other picture at a size

  /// p(y) at a size.
  private static func sample(
    _ image: Tensor<Double>, _ height: Int, _ width: Int, opacity: Tensor<Double>?
  ) -> Tensor<Double> {
    let (own, wanted) = ((image.shape[2], image.shape[3]), (height, width))
    let periodicPart = PeriodicPart<Double>(height: height, width: width)
    if own == wanted, opacity == nil { return periodicPart(image) }
    let seen = opacity ?? Tensor(repeating: 1, shape: [1, 1, own.0, own.1])
    let weight = seen.sum()
    if weight.scalar == 0 { return .zeros([1, image.shape[1], height, width]) }
    let mean = (image * seen).sum(axes: [2, 3], keepingDimensions: true) / weight
    let rows = cut(own.0, wanted.0)
    let columns = cut(own.1, wanted.1)
    let fade =
      seen[..., rows, columns] * fading(rows.count, to: wanted.0).reshaped(to: [1, 1, -1, 1])
      * fading(columns.count, to: wanted.1).reshaped(to: [1, 1, 1, -1])
    let deviation = (image - mean)[..., rows, columns] * fade
    // As much power in every pixel as there is where it is seen.
    let share = max(fade.square().sum().scalar, 1) / Double(height * width)
    var canvas = Tensor<Double>.zeros([1, image.shape[1], height, width])
    canvas[..., ..<rows.count, ..<columns.count] = deviation / share.squareRoot()
    return periodicPart(canvas + mean)
  }

  /// The middle of a side, where it is longer than what is wanted.
  private static func cut(_ own: Int, _ wanted: Int) -> Range<Int> {
    let first = max(0, (own - wanted) / 2)
    return first..<first + min(own, wanted)
  }

  /// Ones that go down to 0 towards both ends by a sixteenth of a side each, where there is more room than that; else ones.
  private static func fading(_ count: Int, to wanted: Int) -> Tensor<Double> {
    let border = count < wanted ? max(1, count / 16) : 0
    return Tensor(
      (0..<count).map { place in
        let depth = min(place, count - 1 - place)
        return depth >= border ? 1 : 0.5 - 0.5 * Double.cos(.pi * (Double(depth) + 0.5) / Double(border))
      })
  }
}

/// A picture less the smooth one that has its steps between opposite edges, each channel by itself.
package struct PeriodicPart<Scalar: TensorScalar>: Sendable {
  private let size: (height: Int, width: Int)
  /// 1 divided by the Laplacian's own numbers, 0 for the mean, [H, W/2 + 1].
  private let inverse: Tensor<Scalar>

  /// - Precondition: The sides are at least 1.
  package init(height: Int, width: Int) {
    size = (height, width)
    // In Double, since those of the longest waves are small differences.
    func cosines(_ count: Int, _ length: Int) -> Tensor<Double> {
      Tensor((0..<count).map { 2 * Double.cos(2 * .pi * Double($0) / Double(length)) })
    }
    let divisor =
      cosines(height, height).reshaped(to: [-1, 1]) + cosines(width / 2 + 1, width).reshaped(to: [1, -1]) - 4
    inverse = Tensor<Scalar>(Tensor<Double>.where(divisor .< -1e-12, 1 / divisor, Tensor(0))).lasting()
  }

  /// The periodic part of `image` [1, C, H, W].
  package func callAsFunction(_ image: Tensor<Scalar>) -> Tensor<Scalar> {
    let (height, width) = size
    if min(height, width) < 2 { return image }
    let vertical = image[..., (height - 1)..., 0...] - image[..., ..<1, 0...]
    let horizontal = image[..., (width - 1)...] - image[..., ..<1]
    let steps =
      vertical.padded([(0, 0), (0, 0), (0, height - 1), (0, 0)])
      - vertical.padded([(0, 0), (0, 0), (height - 1, 0), (0, 0)])
      + horizontal.padded([(0, 0), (0, 0), (0, 0), (0, width - 1)])
      - horizontal.padded([(0, 0), (0, 0), (0, 0), (width - 1, 0)])
    // The smooth picture has these steps for its Laplacian, and the mean 0.
    let found = steps.rfft2D()
    return image
      - ComplexParts(real: found.real * inverse, imaginary: found.imaginary * inverse).irfft2D(width: width)
  }
}
