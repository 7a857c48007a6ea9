import NN
import Tensor

extension Painting {
  /// Where a painting has come to, without its optimiser's memory: a picture that can be looked at, saved, come back to
  /// and gone on from, also with another recipe.
  package struct Place: Sendable {
    /// The recipe, with what is known of its pictures and sizes.
    package let prepared: PreparedRecipe
    /// The last iteration; `nil` before the first.
    package let iteration: Iteration?
    /// The iteration that the picture comes from.
    package let best: Iteration?
    /// The longer side that was worked on.
    package let side: Int
    /// The picture as it is worked on.
    let worked: Tensor<Float>
    private let finish: Finish

    init(
      _ prepared: PreparedRecipe, _ finish: Finish, worked: Tensor<Float>, side: Int, iteration: Iteration?,
      best: Iteration?
    ) {
      (self.prepared, self.finish, self.worked, self.side) = (prepared, finish, worked, side)
      (self.iteration, self.best) = (iteration, best)
    }

    /// The picture at its finished size and in its colours.
    package var picture: Picture { finish(worked) }

    /// The picture for a look on the way: as large as it is worked on, at most `longestSide`, in its colours.
    package func preview(longestSide: Int) -> Picture {
      let isWhole = prepared.recipe.transfer?.colours == .luminance
      let picture = isWhole ? picture : Picture(worked)
      if max(picture.width, picture.height) <= longestSide { return picture }
      let size = picture.sizeWhen(longestSide: longestSide)
      return picture.resized(width: size.width, height: size.height)
    }
  }

  /// Where the painting is now.
  package var place: Place {
    Place(
      prepared, finish, worked: bestPicture, side: prepared.stages[index].side, iteration: iteration,
      best: best)
  }

  /// A painting that goes on from the picture of another one: at the size that this had come to, or the first that is
  /// as large, by iterations counted on.
  ///
  /// An optimiser begins anew, since what L-BFGS remembers are differences between gradients of another function. Only
  /// Adam's means stay in ``changing(to:kept:)``, where they are of the same size: they forget the old function by
  /// themselves within some steps.
  package init(
    _ prepared: PreparedRecipe, network: VGG19, weightsSHA256: String?, knownStyles: KnownStyles?,
    goingOnFrom place: Place, kept: KeptPart? = nil, memoryLimit: ByteCount? = nil
  ) throws {
    try self.init(
      prepared, network: network, weightsSHA256: weightsSHA256, knownStyles: knownStyles,
      memoryLimit: memoryLimit)
    index = prepared.stages.firstIndex { $0.side >= place.side } ?? prepared.stages.count - 1
    self.kept = kept
    guard let last = place.iteration else { return }
    smaller = Outcome(picture: place.worked, start: nil, last: last, best: place.best ?? last)
  }

  /// The same painting after another recipe, from the picture that is there.
  ///
  /// - Parameter kept: What of the picture stays as it is; `nil` for nothing.
  /// - Throws: ``StyleTransferError`` for pictures too small for the layers at the sizes to come.
  package func changing(to prepared: PreparedRecipe, kept: KeptPart?) throws -> Painting {
    var painting = try Painting(
      prepared, network: network, weightsSHA256: weightsSHA256, knownStyles: knownStyles, goingOnFrom: place,
      kept: kept, memoryLimit: memoryLimit)
    if prepared.recipe.method == self.prepared.recipe.method {
      painting.predecessor = stage
    }
    return painting
  }
}

/// A part of a picture that a painting does not change: where the mask is 1 the picture is kept, where it is 0 it is
/// painted, and in between it is mixed.
package struct KeptPart: Sendable {
  /// How much of each pixel is kept, [1, 1, H, W] in 0…1; of any size.
  private let mask: Tensor<Float>
  /// What is kept, [1, 3, H, W], RGB in 0…1; of any size.
  private let picture: Tensor<Float>

  /// - Parameters:
  ///   - mask: A picture whose red is how much is kept; of the same shape as `picture`, of any size.
  ///   - picture: What is kept.
  package init(mask: Picture, of picture: Picture) {
    self.mask = mask.tensor[0..<1, 0..<1]
    self.picture = picture.tensor
  }

  /// The part at a size.
  func scaled(to size: StageSize) -> KeptPart {
    KeptPart(
      mask: resized(mask, width: size.width, height: size.height, isPeriodic: false).clamped(to: 0...1),
      picture: resized(picture, width: size.width, height: size.height, isPeriodic: false).clamped(to: 0...1))
  }

  private init(mask: Tensor<Float>, picture: Tensor<Float>) { (self.mask, self.picture) = (mask, picture) }

  /// What is not painted of a picture.
  ///
  /// - Parameters:
  ///   - painted: How much of each pixel is painted, [1, 1, H, W] in 0…1.
  ///   - picture: [1, 3, H, W].
  init(painted: Tensor<Float>, over picture: Tensor<Float>) {
    self.init(mask: 1 - painted, picture: picture)
  }

  /// The picture with what is kept in its place: m·kept + (1 − m)·painted, exact where m is 0 or 1.
  func over(_ painted: Tensor<Float>) -> Tensor<Float> { mask * picture + (1 - mask) * painted }

  /// The gradient to what is painted, from that to ``over(_:)``: (1 − m) times it.
  func gradient(_ gradient: Tensor<Float>) -> Tensor<Float> { gradient - mask * gradient }
}
