import StyleTransfer
import Tensor

/// What a frame shows and the one before, moved, does not: what comes in at the borders, what was hidden, what has changed
/// its light, and whatever the motion was not found of.
///
/// The objective alone would not care for it: it is small, and strokes that get better elsewhere make up for a figure that
/// stays where it was.
struct PaintedNews {
  /// By pixel, `[3, H·W]`.
  private let change: Tensor<Float>

  /// Differences up to that are noise of a camera or a film's file.
  private static let noise: Float = 0.03

  init(from moved: Picture, to now: Picture) {
    let difference = Self.pixels(now) - Self.pixels(moved)
    change = difference - difference.clamped(to: -Self.noise...Self.noise)
  }

  /// A painted picture with the change, in the colours that the painting gives to those of photographs.
  ///
  /// They are told by the slope of painted colours over photographed ones, from all pixels of a frame.
  func over(_ moved: Picture, coloursOf frame: Picture, as painted: Picture) -> Picture {
    func centred(_ picture: Picture) -> Tensor<Float> {
      let pixels = Self.pixels(picture)
      return pixels - pixels.mean(axes: [1], keepingDimensions: true)
    }
    let (photographed, painted) = (centred(frame), centred(painted))
    let count = Float(photographed.shape[1])
    // A frame with few colours says nothing of others, which then come in weakly.
    let spread = photographed.selfProduct() / count + Tensor<Float>.identity(3) * 1e-3
    let shared = photographed.matrixProduct(painted, transposingRight: true) / count
    // Positive definite by the identity.
    guard let slope = try? spread.solve(shared) else { return moved }
    let changed = Self.pixels(moved) + slope.matrixProduct(change, transposingLeft: true)
    return Picture(width: moved.width, height: moved.height, colour: changed.clamped(to: 0...1).scalars)
  }

  private static func pixels(_ picture: Picture) -> Tensor<Float> {
    Tensor(picture.colour, shape: [3, picture.width * picture.height])
  }
}
