import NN

extension Recipe {
  /// Refuses values out of range and settings that contradict each other.
  ///
  /// - Throws: ``RecipeError`` that names the setting, its value and the remedy.
  package func check() throws(RecipeError) {
    try checkPictures()
    try checkSizes()
    try checkLosses()
    try checkMethod()
  }

  private func checkPictures() throws(RecipeError) {
    if let style {
      if style.pictures.isEmpty {
        throw RecipeError("--style is missing: the picture whose style is taken")
      }
      if let blend = style.blend {
        if blend.count != style.pictures.count {
          throw RecipeError(
            "--style-blend has \(blend.count) numbers for \(style.pictures.count) styles; give one for each "
              + "--style")
        }
        let numbers = blend.map { "\($0)" }.joined(separator: ",")
        guard blend.allSatisfy({ $0 >= 0 && $0.isFinite }), blend.contains(where: { $0 > 0 }) else {
          throw RecipeError(
            "--style-blend \(numbers): numbers of 0 or more, one of them above 0, are needed")
        }
        guard blend.reduce(0, +).isFinite else {
          throw RecipeError(
            "--style-blend \(numbers): the sum is no number; write them smaller, only their ratio counts")
        }
      }
      if !(0.05...20 ~= style.scale) {
        throw RecipeError("--style-scale \(style.scale): a number from 0.05 to 20 is needed")
      }
    }
    try checkRegions()
    switch (start, kind) {
    case (.noise(let amplitude), _):
      if !(0...1 ~= amplitude) {
        throw RecipeError("--noise-amplitude \(amplitude): a number from 0 to 1 is needed")
      }
    case (.content, .texture), (.colour, .texture):
      throw RecipeError("--init \(start.name): a texture has no content; start from noise or a picture")
    case (.content, .reconstruct), (.colour, .reconstruct):
      throw RecipeError(
        "--init \(start.name): that would start with the answer; start from noise or a picture")
    default: break
    }
  }

  private func checkRegions() throws(RecipeError) {
    guard let transfer else { return }
    let (regions, styles) = (transfer.regions, transfer.style.pictures.count)
    if !regions.isEmpty, styles != 1, regions.count != styles {
      throw RecipeError(
        "--region is given \(regions.count) times for \(styles) styles; give one region for each --style in its order, or "
          + "any number for a single --style")
    }
    if regions.count(where: { $0.place == .rest }) > 1 {
      throw RecipeError(
        "--region \(Region.restName) is given twice: one region can have what the others leave")
    }
    if !(0...1 ~= transfer.shapeKeeping) {
      throw RecipeError("--keep-shapes \(transfer.shapeKeeping): a number from 0 (not at all) to 1 is needed")
    }
    if transfer.shapeKeeping > 0, weights.content == 0 {
      throw RecipeError(
        "--keep-shapes \(transfer.shapeKeeping): the content has no weight, and its shapes none with it; give "
          + "--content-weight, or a --balance below 1")
    }
  }

  /// The longest side that can be asked for: beyond it numbers of pixels and bytes could not be counted, and no machine
  /// has the memory.
  package static let sideLimit = 1 << 20
  /// The most iterations at a size, likewise.
  package static let iterationLimit = 1_000_000_000

  private func checkSizes() throws(RecipeError) {
    if size < 0 { throw RecipeError("--size \(size): 0 or more is needed") }
    for (name, value) in [("size", size), ("width", texture?.width ?? 0), ("height", texture?.height ?? 0)]
    where value > Self.sideLimit {
      throw RecipeError("--\(name) \(value): at most \(Self.sideLimit) is possible")
    }
    for (name, value) in [("width", texture?.width), ("height", texture?.height)] {
      if let value, value < 1 { throw RecipeError("--\(name) \(value): at least 1 is needed") }
    }
    if case .list(let scales) = scales {
      let longest = [texture?.width, texture?.height].compactMap { $0 }.max()
      if let longest, scales.finalSide != longest {
        throw RecipeError(
          "--scales ends with \(scales.finalSide), but the longer of --width and --height is \(longest)")
      }
      if longest == nil, size != 0, scales.finalSide != size {
        throw RecipeError(
          "--scales and --size contradict each other: the last scale is \(scales.finalSide), the size \(size)"
        )
      }
    }
    if let iterations = scales.iterations, iterations < 1 {
      throw RecipeError("--iterations \(iterations): at least 1 is needed")
    }
    if let iterations = scales.iterations, iterations > Self.iterationLimit {
      throw RecipeError("--iterations \(iterations): at most \(Self.iterationLimit) are possible")
    }
    if texture?.isTileable == true && padding != .circular {
      throw RecipeError(
        "--tileable needs --padding circular, and it is \(padding.rawValue); leave --padding out")
    }
  }

  private func checkLosses() throws(RecipeError) {
    try checkNeighbours()
    let (weights, spectrumWeight) = (weights, texture?.spectrumWeight ?? 0)
    for (name, weight) in [
      ("content", weights.content), ("style", weights.style), ("tv", totalVariationWeight),
      ("spectrum", spectrumWeight),
    ] where !(weight >= 0 && weight.isFinite) {
      throw RecipeError("--\(name)-weight \(weight): a number of 0 or more is needed")
    }
    if case .balance(let balance) = transfer?.weighing, !(0...1 ~= balance) {
      throw RecipeError("--balance \(balance): a number from 0 (photograph) to 1 (painting) is needed")
    }
    if let style, style.statistic == .crossLayer, weights.style > 0,
      Set(style.layers.layers.filter { $0.weight > 0 }.map(\.layer)).count < 2
    {
      throw RecipeError(
        "--style-loss cross-layer compares each layer with the next, and --style-layers \(style.layers) is one; give two"
      )
    }
    if weights.content == 0 && weights.style == 0 && totalVariationWeight == 0 && spectrumWeight == 0 {
      throw RecipeError(
        "all weights are 0, so there is nothing to do; give --content-weight or --style-weight")
    }
  }

  private func checkMethod() throws(RecipeError) {
    switch method {
    case .adam(let learningRate), .pyramid(let learningRate):
      if !(learningRate > 0 && learningRate.isFinite) {
        throw RecipeError("--learning-rate \(learningRate): a number above 0 is needed")
      }
    case .lbfgs(let history, _):
      if let history, history < 1 { throw RecipeError("--history \(history): at least 1 is needed") }
    }
    if let quality, !(1...100 ~= quality) { throw RecipeError("--quality \(quality): 1 to 100 is needed") }
  }
}
