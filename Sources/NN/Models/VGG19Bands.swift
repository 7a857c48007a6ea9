import Tensor

extension VGG19 {
  /// Some rows of a layer's output, for each of the pictures that were looked at.
  package struct FeatureBand {
    /// The layer.
    package let layer: Layer
    /// Which rows they are.
    package let rows: Range<Int>
    /// [1, C, rows, W], for each picture.
    package let features: [Tensor<Float>]
  }

  /// Calls `body` with the outputs of `layers` for pictures of one size, some rows after the other, so that no output of
  /// a wide layer is ever there as a whole: what is kept between the poolings after which the pass is cut is a part of
  /// the picture's own size. Nothing is recorded for a derivative.
  ///
  /// No bit depends on the rows: they begin with tiles of the convolutions, and each band sees as many rows around it as
  /// its convolutions do. Pictures that go on at their opposite edge are looked at in one piece.
  ///
  /// - Parameters:
  ///   - images: [1, 3, H, W] each, RGB in 0 … 1.
  ///   - bandBytes: About how many bytes the widest step of a band may take for a picture.
  /// - Throws: ``ImageTooSmall``, and what `body` throws.
  package func forEachBand(
    of images: [Tensor<Float>], layers wanted: Set<Layer>, bandBytes: Double = VGG19.bandBytes,
    _ body: (FeatureBand) throws -> Void
  ) throws {
    guard let deepest = wanted.max(), let shape = images.first?.shape else { return }
    ShapeCheck.require(images.allSatisfy { $0.shape == shape && $0.rank == 4 && shape[0] == 1 }) {
      "VGG19: pictures of the shapes \(images.map(\.shape)) are no pictures [1, 3, H, W] of one size"
    }
    let minimum = Self.minimumSize(for: [deepest])
    if min(shape[2], shape[3]) < minimum {
      throw ImageTooSmall(height: shape[2], width: shape[3], minimumSize: minimum, layer: deepest)
    }
    let plan = BandPlan(
      Self.program(for: wanted, pooling: pooling, padding: padding), width: shape[3], height: shape[2],
      bandBytes: bandBytes)
    var inputs = images.map { $0.detached() }
    for segment in plan.segments {
      var outputs = [[Tensor<Float>]](repeating: [], count: inputs.count)
      for band in segment.bands {
        // Of all pictures but the last, features wait until all are there.
        var waiting: [[Tensor<Float>]] = []
        for (index, input) in inputs.enumerated() {
          var own: [Tensor<Float>] = []
          let isLast = index == inputs.count - 1
          let output = try run(segment, band, of: input) { layer, rows, features in
            let place = own.count
            own.append(isLast ? Tensor(0) : features)
            if isLast {
              try body(
                FeatureBand(layer: layer, rows: rows, features: waiting.map { $0[place] } + [features]))
            }
          }
          if segment.isContinued { outputs[index].append(output) }
          waiting.append(own)
        }
      }
      guard segment.isContinued else { return }
      inputs = outputs.map { $0.count == 1 ? $0[0] : Tensor.concatenated($0, axis: 2) }
    }
  }

  /// The steps of a segment for one band of its input; gives the rows of the output that belong to the band.
  private func run(
    _ segment: BandPlan.Segment, _ band: Range<Int>, of input: Tensor<Float>,
    _ deliver: (Layer, Range<Int>, Tensor<Float>) throws -> Void
  ) rethrows -> Tensor<Float> {
    let seen = segment.reach(of: band)
    var x = seen.count == segment.height ? input : input.copied(rows: seen)
    var (height, scale) = (segment.height, 1)
    /// The rows of `x` that belong to the band, and which rows of the whole these are.
    func own() -> (Tensor<Float>, Range<Int>) {
      let rows =
        band.lowerBound / scale..<(band.upperBound == segment.height ? height : band.upperBound / scale)
      let first = seen.lowerBound / scale
      let places = rows.lowerBound - first..<rows.upperBound - first
      return (places.count == x.shape[2] ? x : x.copied(rows: places), rows)
    }
    for step in segment.steps {
      switch step {
      case .normalize, .convolve, .rectify: x = applying(step, to: x)
      case .pool:
        x = applying(step, to: x)
        (height, scale) = (height / 2, scale * 2)
      case .keep(let layer):
        let (features, rows) = own()
        try deliver(layer, rows, features)
      case .deliver: break
      }
    }
    return segment.isContinued ? own().0 : x
  }

  /// What the widest step of a band takes for a picture, where nothing else is asked for.
  package static let bandBytes = 384e6
}

extension Tensor<Float> {
  /// Some rows of pictures [N, C, H, W], in memory of their own.
  fileprivate func copied(rows: Range<Int>) -> Tensor {
    let (planes, height, width) = (shape[0] * shape[1], shape[2], shape[3])
    return withUnsafeScalars { source in
      Tensor(shape: [shape[0], shape[1], rows.count, width]) { target in
        for plane in 0..<planes {
          let first = (plane * height + rows.lowerBound) * width
          _ = UnsafeMutableBufferPointer(rebasing: target[(plane * rows.count * width)...])
            .update(fromContentsOf: source[first..<first + rows.count * width])
        }
      }
    }
  }
}

/// How a pass is cut for ``VGG19/forEachBand(of:layers:bandBytes:_:)``.
struct BandPlan {
  /// Steps between two cuts, from a whole input to a whole output.
  struct Segment {
    fileprivate(set) var steps: [VGG19.Step] = []
    /// The sizes of the whole input and output.
    fileprivate(set) var input: VGG19.Extent
    fileprivate(set) var output: VGG19.Extent
    /// Bands of rows of the input that the segment is run for one by one.
    fileprivate(set) var bands: [Range<Int>] = []
    /// Whether another segment goes on from the output.
    fileprivate(set) var isContinued = true
    /// How many rows a band sees above and below it.
    fileprivate var halo = 0
    /// What the bands' first rows are multiples of.
    fileprivate var alignment = 4
    /// The most bytes for a row of the input that a step takes, and that all kept outputs together take.
    fileprivate var widestRow = 0.0
    fileprivate var keptRow = 0.0

    var height: Int { input.height }

    func reach(of band: Range<Int>) -> Range<Int> {
      max(0, band.lowerBound - halo)..<min(height, band.upperBound + halo)
    }
  }

  private(set) var segments: [Segment] = []

  /// The rows of a tile of the convolutions.
  fileprivate static let tile = 4
  /// The poolings after which the pass is cut. Before the second, outputs are so wide that no whole one is wanted.
  private static let cuts = 2...5

  init(_ program: [VGG19.Step], width: Int, height: Int, bandBytes: Double) {
    let sized = VGG19.sized(program, width: width, height: height)
    guard let first = sized.first else { return }
    var segment = Segment(input: first.input, output: first.input)
    var (poolings, scale, isWhole) = (0, 1, false)
    func close() {
      segment.cut(bandBytes: bandBytes, isWhole: isWhole)
      segments.append(segment)
    }
    for (index, step) in sized.enumerated() {
      var isCut = false
      if case .convolve = step.step {
        // A pooling that is wanted, and a ReLU that comes after it, still belong to the segment.
        isCut = scale > 1 && Self.cuts.contains(poolings)
      }
      if isCut {
        close()
        segment = Segment(input: step.input, output: step.input)
        scale = 1
      }
      segment.steps.append(step.step)
      segment.output = step.output
      let rows = max(1, Double(segment.input.height))
      segment.widestRow = max(segment.widestRow, (step.input.bytes + step.output.bytes) / rows)
      switch step.step {
      case .convolve(_, let border, _):
        if border != .zero {
          // Beside its frame.
          segment.widestRow = max(segment.widestRow, (2 * step.input.bytes + step.output.bytes) / rows)
        }
        segment.alignment = max(segment.alignment, Self.tile * scale)
        isWhole = isWhole || border == .circular
      case .pool:
        poolings += 1
        scale *= 2
        segment.alignment = max(segment.alignment, scale)
      case .keep: segment.keptRow += step.output.bytes / rows
      case .normalize, .rectify, .deliver: break
      }
      if index == sized.count - 1 { segment.isContinued = false }
    }
    close()
  }

  /// The most bytes that looking at `pictures` pictures takes at once beside these and the filters.
  func peakBytes(pictures: Int) -> Double {
    segments.map { segment in
      let rows = Double(segment.bands.map { segment.reach(of: $0).count }.max() ?? 0)
      let band = rows * (segment.widestRow + Double(pictures - 1) * segment.keptRow)
      // The first input are the pictures themselves; outputs are put together from their bands.
      let whole = segments[0].height == segment.height ? 0 : segment.input.bytes
      return band + Double(pictures) * (whole + (segment.isContinued ? 2 * segment.output.bytes : 0))
    }.max() ?? 0
  }
}

extension BandPlan.Segment {
  /// How many rows beyond a band its output depends on. A convolution's tile is computed as a whole, so that a row beyond
  /// it that is not right changes the last bits of all of its rows: what a later one looks at are whole tiles.
  private func rowsAround() -> Int {
    var rows = 0
    for step in steps.reversed() {
      switch step {
      case .convolve: rows = (rows + BandPlan.tile - 1) / BandPlan.tile * BandPlan.tile + 1
      case .pool: rows *= 2
      case .normalize, .rectify, .keep, .deliver: break
      }
    }
    return rows
  }

  fileprivate mutating func cut(bandBytes: Double, isWhole: Bool) {
    halo = (rowsAround() + alignment - 1) / alignment * alignment
    let rows = Int(min(bandBytes / max(widestRow, 1), Double(height))) - 2 * halo
    let step = isWhole ? height : max(alignment, rows / alignment * alignment)
    bands = stride(from: 0, to: height, by: max(step, 1)).map { $0..<min($0 + step, height) }
    // A last band of too few rows for a pooling goes with the one before it.
    if bands.count > 1, let last = bands.last, last.count < alignment {
      bands.removeLast()
      bands[bands.count - 1] = bands[bands.count - 1].lowerBound..<height
    }
  }
}

extension VGG19 {
  /// The most bytes that ``forEachBand(of:layers:bandBytes:_:)`` takes beside the pictures themselves, and the operations
  /// of it for one picture.
  package static func bandCost(
    layers: Set<Layer>, pooling: Pooling, padding: Padding, width: Int, height: Int, pictures: Int
  ) -> (bytes: Double, operations: Double) {
    let program = program(for: layers, pooling: pooling, padding: padding)
    let sized = sized(program, width: width, height: height)
    let footprint = Footprint(of: program, width: width, height: height)
    let plan = BandPlan(program, width: width, height: height, bandBytes: bandBytes)
    return (
      plan.peakBytes(pictures: pictures) + footprint.filterBytes + footprint.workspaceBytes,
      sized.reduce(0) { $0 + $1.operations }
    )
  }
}

extension VGG19.Layer {
  /// How many poolings there are up to and with the layer: an output has the picture's sides divided by two so often.
  package var halvings: Int { block + (kind == .pooling ? 1 : 0) }
}
