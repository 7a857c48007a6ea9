import Tensor

extension StyleTransferObjective {
  /// The style weight that stands between photograph and painting, beside content weight 1:
  ///
  ///     ½ · (b / (1 − b))² · κ · content at zero / style at zero
  ///
  /// The terms at features of zeros (``relativeScale``) measure the pictures by their own size, so that the same b
  /// looks alike whatever the normalisation, the statistic, the size and the pictures. At ½ it is the weight ½ of the
  /// reference study in ``LossNormalization/relative``; ⅓ and ⅔ are a quarter and four times that.
  ///
  /// - Parameter balance: b, above 0 (the photograph) and below 1 (all style).
  /// - Precondition: Both terms have a weight.
  public func styleWeight(balance: Double) -> Double {
    ShapeCheck.require(balance > 0 && balance < 1) {
      "styleWeight: the balance \(balance) is not between 0 and 1"
    }
    let scale = relativeScale
    ShapeCheck.require(scale.style > 0) { "styleWeight: the objective has no style term" }
    let odds = balance / (1 - balance)
    return 0.5 * odds * odds * (neighbours == nil ? statistic.relativeScale : Self.neighbourScale)
      * scale.content / scale.style
  }
}
