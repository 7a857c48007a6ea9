import Tensor

extension VGG19 {
  /// What the 3×3 convolutions see beyond the border of what they look at.
  ///
  /// The 1×1 pre-processing comes first: its zeros are the mean colour of ImageNet, not black.
  public enum Padding: String, Sendable, CaseIterable {
    /// Zeros beyond the border: what the network was trained with and what Gatys, Ecker and Bethge used.
    case zero
    /// The mirror image without the edge itself, `b | a b c | b`. PyTorch's AdaIN, which publishes the
    /// normalised weights, does this. An axis of one pixel, which a small picture has in the deep layers, has
    /// no second pixel to show, and is replicated.
    case reflect
    /// The edge once more: `a | a b c | c`.
    case replicate
    /// The opposite edge: `c | a b c | a`. A picture then is one tile of an endless wall, and what is painted
    /// through it has no seams.
    case circular
    /// The edge at the first convolution, where zeros would be a frame of grey, and zeros from there on
    /// (Katherine Crowson's style-transfer-pytorch).
    case replicateFirst = "replicate-first"
  }
}

extension VGG19.Padding {
  /// What convolution `number`, 1 ... 16, sees beyond the border.
  func mode(ofConvolution number: Int) -> PaddingMode {
    switch self {
    case .zero: .zero
    case .reflect: .reflect
    case .replicate: .replicate
    case .circular: .circular
    case .replicateFirst: number == 1 ? .replicate : .zero
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The pictures, [N, C, H, W], in a frame of one pixel: [N, C, H + 2, W + 2].
  func framed(_ mode: PaddingMode) -> Tensor {
    let frame = (before: 1, after: 1)
    guard mode == .reflect, shape[2] == 1 || shape[3] == 1 else { return padded([frame, frame], mode: mode) }
    return padded([frame, (0, 0)], mode: shape[2] == 1 ? .replicate : .reflect)
      .padded([frame], mode: shape[3] == 1 ? .replicate : .reflect)
  }
}
