import Tensor

/// How a painted picture looks from afar, which the sizes that only make it finer leave as it is.
///
/// The network sees as many pixels of a large picture as of a small one, and so less of what is in it: while it makes edges
/// sharp it moves lights and colours back towards the photograph's, and strokes become paler with the size. Waves of four
/// pixels of the painted picture and more are taken from that one, and only what is finer from the larger. It is a transfer's:
/// the opposite edges of the picture never meet.
struct PaintedLook: Sendable {
  /// The painted picture at half of its size, [1, C, H, W].
  let picture: Tensor<Float>

  /// The look of a picture [1, C, H, W].
  init(of painted: Tensor<Float>) {
    let (height, width) = (painted.shape[2], painted.shape[3])
    self.init(resized(painted, width: max(1, width / 2), height: max(1, height / 2), isPeriodic: false))
  }

  /// A look that a checkpoint kept.
  init(_ picture: Tensor<Float>) { self.picture = picture }

  /// A larger picture [1, C, H, W] of the same proportions that looks so from afar, in 0…1.
  func kept(in finer: Tensor<Float>) -> Tensor<Float> {
    let own = resized(finer, width: picture.shape[3], height: picture.shape[2], isPeriodic: false)
    var result = resized(picture - own, width: finer.shape[3], height: finer.shape[2], isPeriodic: false)
    // In place: at print size a picture is hundreds of megabytes.
    result += finer
    return result.clamped(to: 0...1)
  }
}
