import NN
import Tensor

/// The colours of a picture that was painted by directions of features, which leave how strong colours are open: it is given
/// the styles' means and covariances, and hues that follow its own brightness, without the grain between strokes.
struct PaintedColours: Sendable {
  /// The colours of the styles together.
  private let wanted: ColorStatistics
  /// How much of each pixel is painted and can be seen, [1, 1, H, W]; `nil` for all.
  private let painted: Tensor<Float>?

  /// The radius of the window in which hues follow the brightness, as a part of the longer side.
  private static let radius = 1.0 / 128
  /// The variance of brightness below which a window counts as plain.
  private static let plain: Float = 1e-3

  /// `nil` where there are no colours to be given: the content's are kept, or regions have colours of their own.
  init?(_ prepared: PreparedRecipe) {
    let recipe = prepared.recipe
    guard recipe.findsNeighbours, let transfer = recipe.transfer, transfer.colours == nil,
      transfer.regions.isEmpty
    else { return nil }
    let seen = zip(prepared.pictures.styles, transfer.style.shares).filter { $1 > 0 }
    wanted = ColorStatistics(of: seen.map { RecipePictures.Manner($0.0).colours })
    let shown = prepared.pictures.content.flatMap { content in
      content.alpha == nil ? nil : content.resized(width: prepared.width, height: prepared.height).opacity
    }
    let mask = prepared.pictures.regions.painted(width: prepared.width, height: prepared.height)
    painted = mask.map { mask in shown.map { $0 * mask } ?? mask } ?? shown
  }

  func callAsFunction(_ picture: Tensor<Float>) -> Tensor<Float> {
    let own = ColorStatistics(of: picture, opacity: painted)
    let matched = picture.matchingColors(from: own, to: wanted).clamped(to: 0...1)
    let y = luminance(matched)
    let side = Double(max(picture.shape[2], picture.shape[3]))
    return
      (y + (matched - y).guided(by: y, radius: max(1, Int((side * Self.radius).rounded())), plain: Self.plain))
      .clamped(to: 0...1)
  }
}

extension ColorStatistics {
  /// The statistics of several pictures together, each as much as the others.
  init(of parts: [ColorStatistics]) {
    let share = 1 / Double(max(parts.count, 1))
    let middle = parts.reduce(Tensor<Double>.zeros([3])) { $0 + $1.mean * share }
    mean = middle
    covariance = parts.reduce(Tensor<Double>.zeros([3, 3])) { sum, part in
      let away = part.mean - middle
      return sum + (part.covariance + away.outer(away)) * share
    }
  }
}

extension Tensor<Float> {
  /// This picture filtered so that it follows another: in each window a line a·guide + b that fits it best, averaged over
  /// the windows of a pixel (He, Sun and Tang, Guided Image Filtering, 2010).
  ///
  /// - Parameters:
  ///   - guide: [1, 1, H, W].
  ///   - radius: The windows have 2 · radius + 1 pixels a side.
  ///   - plain: The variance of the guide from which on a line is sloped.
  func guided(by guide: Tensor, radius: Int, plain: Float) -> Tensor {
    func mean(_ x: Tensor) -> Tensor { x.windowMean(radius, axis: 2).windowMean(radius, axis: 3) }
    let (middle, own) = (mean(guide), mean(self))
    let slope = (mean(guide * self) - middle * own) / (mean(guide.square()) - middle.square() + plain)
    return mean(slope) * guide + mean(own - slope * middle)
  }

  /// The mean of 2 · radius + 1 neighbours along an axis, of those that there are.
  private func windowMean(_ radius: Int, axis: Int) -> Tensor {
    let length = shape[axis]
    let sums: Tensor<Double> = Tensor<Double>(self).cumulativeSum(axis: axis)
    let ends = (0..<length).map { Swift.min($0 + radius, length - 1) }
    let begins = (0..<length).map { Swift.max($0 - radius - 1, -1) }
    var form = [1, 1, 1, 1]
    form[axis] = length
    let isInside = Tensor<Double>(begins.map { $0 >= 0 ? 1 : 0 }, shape: form)
    let shares = Tensor<Double>(zip(ends, begins).map { 1 / Double($0 - $1) }, shape: form)
    let below: Tensor<Double> = sums.sliced(begins.map { Swift.max($0, 0) }, axis: axis) * isInside
    let window: Tensor<Double> = (sums.sliced(ends, axis: axis) - below) * shares
    return Tensor<Float>(window)
  }
}
