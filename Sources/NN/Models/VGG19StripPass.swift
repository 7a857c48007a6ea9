import Tensor

/// One segment of a pass, from its whole input to its whole output and the sums of its layers, strip by strip.
struct StripSegment: Sendable {
  typealias Requests = [VGG19.Layer: FeatureSums<Float>.Request]

  private let geometry: StripGeometry
  private let weights: VGG19.Weights
  private let precision: VGG19.Precision
  private let requests: Requests
  /// Whether the input is a picture, of which the strips take what the network is given.
  private let takesPicture: Bool
  private let keepsFilters: Bool

  init(
    _ geometry: StripGeometry, _ weights: VGG19.Weights, _ precision: VGG19.Precision, _ requests: Requests,
    takesPicture: Bool, keepsFilters: Bool
  ) {
    (self.geometry, self.weights, self.precision, self.requests) = (geometry, weights, precision, requests)
    (self.takesPicture, self.keepsFilters) = (takesPicture, keepsFilters)
  }

  /// Lets go of what all strips have read.
  private func releaseFilters() {
    if keepsFilters { return }
    for case .convolve(let number, _, _) in geometry.steps {
      weights.convolutions[number - 1].weight.forgetOrder()
    }
  }

  /// The output, and the sums of each kept layer in the order of computation. One node stands for all of it.
  func callAsFunction(_ input: Tensor<Float>) -> (
    output: Tensor<Float>, layers: [(VGG19.Layer, FeatureSums<Float>)]
  ) {
    let (output, layers) = computed(input)
    let outputs = [output] + layers.flatMap(\.outputs)
    var recorded = record("strips", outputs: outputs, (input, { g in gradient(g, at: input.detached()) }))[
      ...]
    let first = recorded.removeFirst()
    return (
      first,
      layers.map { kept in
        let own = Array(recorded.prefix(kept.outputs.count))
        recorded.removeFirst(own.count)
        return (
          kept.layer,
          FeatureSums(own, requests[kept.layer]!, shape: shape(ofValue: kept.step), features: kept.features)
        )
      }
    )
  }

  private func shape(ofValue index: Int) -> Shape {
    let extent = geometry.extents[index]
    return [1, extent.channels, extent.height, extent.width]
  }

  // MARK: Forward

  /// What becomes of a layer that is kept.
  private struct Kept {
    let step: Int
    let layer: VGG19.Layer
    var sums: LayerSums<Float>
    var features: Tensor<Float>?
    var outputs: [Tensor<Float>] = []
  }

  private func computed(_ input: Tensor<Float>) -> (output: Tensor<Float>, layers: [Kept]) {
    let last = geometry.steps.count
    var output = Tensor<Float>.uninitializedChannelsLast(shape(ofValue: last))
    var layers = keptLayers()
    forEachStrip(geometry.rowsForward) { strip, rows, carry in
      let bands = run(rows, from: input.detached(), takesNotes: false, &carry) { step, bands in
        guard let place = layers.firstIndex(where: { $0.step == step }) else { return }
        let rows = geometry.ownedRows(step, of: strip)
        let part = bands.tensor(rows)
        layers[place].sums.add(part, rows: rows)
        layers[place].features?[0..., 0..., rows] = part
      }
      output[0..., 0..., strip] = bands.last!.tensor(strip)
    }
    releaseFilters()
    for place in layers.indices {
      let kept = layers[place]
      layers[place].outputs = kept.sums.outputs(shape(ofValue: kept.step))
    }
    return (output, layers)
  }

  private func keptLayers() -> [Kept] {
    geometry.steps.enumerated().compactMap { index, step in
      guard case .keep(let layer) = step, let request = requests[layer] else { return nil }
      let shape = shape(ofValue: index)
      return Kept(
        step: index, layer: layer, sums: LayerSums(request, of: shape),
        features: request.features ? .uninitializedChannelsLast(shape) : nil)
    }
  }

  /// What strips hand on to the next one, so that no row is computed twice in a pass: the last rows of each output.
  private struct CarriedRows {
    var bands: [[RowBand]]
    /// The rows that the next strip uses.
    var next: [RowSet]
  }

  /// Calls `body` with each strip, and which rows it needs and computes.
  ///
  /// - Parameter wanted: The rows of each output that a strip is there for.
  private func forEachStrip(
    _ wanted: (Range<Int>) -> [RowSet],
    _ body: (Range<Int>, (needed: [RowSet], missing: [RowSet]), inout CarriedRows) -> Void
  ) {
    let strips = geometry.strips
    let none = Array(repeating: RowSet(), count: geometry.extents.count)
    var carry = CarriedRows(bands: none.map { _ in [] }, next: none)
    var own = wanted(strips[0])
    for (place, strip) in strips.enumerated() {
      let present = carry.bands.map { bands in bands.reduce(into: RowSet()) { $0.formUnion($1.rows) } }
      let rows = geometry.rowsToCompute(own, beside: present)
      if place + 1 < strips.count {
        let next = wanted(strips[place + 1])
        carry.next = geometry.rowsCarriedOver(from: own, to: next)
        own = next
      } else {
        carry.next = none
      }
      body(strip, rows, &carry)
    }
  }

  /// Computes rows of every step.
  ///
  /// - Parameters:
  ///   - rows: Of the input and of each output, those that must be there and those that are not.
  ///   - takesNotes: Whether the bands have notes for the way back; their tensors then are not there any more.
  ///   - carry: Rows from the strip before, in place of which come those for the next one.
  ///   - keep: Is given the layers that are kept.
  /// - Returns: The bands of each step's output that are not forgotten: with notes all, else the last.
  private func run(
    _ rows: (needed: [RowSet], missing: [RowSet]), from input: Tensor<Float>, takesNotes: Bool,
    _ carry: inout CarriedRows, keep: (_ step: Int, [RowBand]) -> Void
  ) -> [[RowBand]] {
    var noted: [[RowBand]] = []
    var bands = [RowBand(rows: 0..<geometry.extents[0].height, tensor: input)]
    if takesPicture {
      bands = rows.needed[0].ranges.map {
        RowBand(rows: $0, tensor: weights.preprocessing.convolve(bands.tensor($0), padding: 0))
      }
    }
    for (index, step) in geometry.steps.enumerated() {
      let missing = rows.missing[index + 1]
      var isNew = true
      // Each needed range becomes one band, of what is there and what is computed now.
      func assemble(_ compute: (Range<Int>) -> RowBand) {
        bands = rows.needed[index + 1].ranges.map { range in
          let present = carry.bands[index + 1].filter { range.overlaps($0.rows) }
            .map { $0.copy($0.rows.clamped(to: range)) }
          let computed = missing.intersection(RowSet(range)).ranges.map(compute)
          return .joined((present + computed).sorted { $0.rows.lowerBound < $1.rows.lowerBound })
        }
      }
      switch step {
      case .convolve(let number, let border, let rectifying):
        bands = rows.needed[index + 1].ranges.map { range in
          convolved(
            bands, range, missing.intersection(RowSet(range)), carry.bands[index + 1], index, number, border,
            rectifying, takesNotes)
        }
      case .rectify:
        assemble { range in
          let x = bands.tensor(range)
          guard takesNotes else { return RowBand(rows: range, tensor: x.relu()) }
          let (value, mask) = x.rectifiedWithMask()
          return RowBand(rows: range, tensor: value, note: .mask(mask))
        }
      case .pool(let pooling):
        assemble { range in
          let x = bands.tensor(2 * range.lowerBound..<2 * range.upperBound)
          guard pooling == .max else { return RowBand(rows: range, tensor: x.averagePool2D(window: 2)) }
          guard takesNotes else { return RowBand(rows: range, tensor: x.maxPool2D(window: 2)) }
          let (value, choices) = x.halvedWithChoices()
          return RowBand(rows: range, tensor: value, note: .choices(choices))
        }
      case .keep:
        keep(index, bands)
        isNew = false
      case .normalize, .deliver: isNew = false
      }
      if isNew {
        let next = carry.next[index + 1]
        carry.bands[index + 1] = bands.flatMap { band in
          next.intersection(RowSet(band.rows)).ranges.map(band.copy)
        }
      }
      if takesNotes {
        noted.append(
          bands.map { RowBand(rows: $0.rows, tensor: Tensor(0), note: isNew ? $0.note : .nothing) })
      }
    }
    return takesNotes ? noted : [bands]
  }

  /// The band `range` of a convolution's output, of which `missing` is computed; `present` has the rest.
  private func convolved(
    _ bands: [RowBand], _ range: Range<Int>, _ missing: RowSet, _ present: [RowBand], _ index: Int,
    _ number: Int, _ border: PaddingMode, _ rectifying: Bool, _ takesNotes: Bool
  ) -> RowBand {
    let filter = weights.convolutions[number - 1]
    let extent = geometry.extents[index + 1]
    let shape = [1, extent.channels, range.count, extent.width]
    var output = Tensor<Float>.uninitializedChannelsLast(shape)
    let mask = rectifying && takesNotes ? Tensor<Float>.uninitializedMask(shape) : nil
    for band in present where range.overlaps(band.rows) {
      let rows = band.rows.clamped(to: range)
      let place = rows.lowerBound - range.lowerBound
      output[0..., 0..., place..<place + rows.count] = band.copy(rows).tensor
      if let mask, case .mask(let own) = band.copy(rows).note {
        mask.copyRows(0..<rows.count, of: own, to: place)
      }
    }
    for rows in missing.ranges {
      let seen = rows.reach(in: extent.height)
      var (x, first) = (bands.tensor(seen), seen.lowerBound)
      if border != .zero {
        var parts = [x]
        if let row = border.row(shownAt: rows.lowerBound - 1, height: extent.height) {
          parts.insert(bands.tensor(row..<row + 1), at: 0)
          first -= 1
        }
        if let row = border.row(shownAt: rows.upperBound, height: extent.height) {
          parts.append(bands.tensor(row..<row + 1))
        }
        x = Tensor.concatenated(parts, axis: 2).padded([(0, 0), (1, 1)], mode: border)
      }
      ConvolutionRows.forward(
        x, firstRow: first, filter: filter.weight, bias: filter.bias, rows: rows,
        padsColumns: border == .zero,
        relu: rectifying, algorithm: precision.algorithm(ofConvolution: number), into: output, mask: mask,
        outputFirstRow: range.lowerBound)
    }
    return RowBand(rows: range, tensor: output, note: mask.map { .mask($0) } ?? .nothing)
  }

  // MARK: Back

  /// The gradient with respect to the input, from those with respect to the output and the layers' sums.
  private func gradient(_ gradients: [Tensor<Float>?], at input: Tensor<Float>) -> Tensor<Float> {
    let shape = shape(ofValue: 0)
    // A picture's gradient is laid out as the picture is.
    var result = takesPicture ? Tensor<Float>.zeros(shape) : .uninitializedChannelsLast(shape)
    var ofSums: [Int: [Tensor<Float>?]] = [:]
    var rest = gradients.dropFirst()
    for kept in keptLayers() {
      let count = requests[kept.layer]!.outputCount
      let own = Array(rest.prefix(count))
      rest.removeFirst(count)
      if own.contains(where: { $0 != nil }) { ofSums[kept.step] = own }
    }
    forEachStrip {
      geometry.rowsForGradients(geometry.rowsOfGradients(geometry.ownedRows(0, of: $0)))
    } _: {
      strip, rows, carry in
      let owned = geometry.ownedRows(0, of: strip)
      result[0..., 0..., owned] = gradient(gradients[0], ofSums, ofRows: owned, at: input, rows, &carry)
    }
    releaseFilters()
    return result
  }

  private func gradient(
    _ gradient: Tensor<Float>?, _ ofSums: [Int: [Tensor<Float>?]], ofRows owned: Range<Int>,
    at input: Tensor<Float>, _ toCompute: (needed: [RowSet], missing: [RowSet]), _ carry: inout CarriedRows
  ) -> Tensor<Float> {
    let rows = geometry.rowsOfGradients(owned)
    var features: [Int: [RowBand]] = [:]
    let noted = run(toCompute, from: input, takesNotes: true, &carry) { step, bands in
      if ofSums[step] != nil { features[step] = bands }
    }
    var bands = gradient.map { [RowBand(rows: 0..<geometry.extents.last!.height, tensor: $0)] }
    for (index, step) in geometry.steps.enumerated().reversed() {
      if case .keep(let layer) = step, let own = ofSums[index], let seen = features.removeValue(forKey: index)
      {
        let shape = shape(ofValue: index)
        bands = rows[index].ranges.map { range in
          var found = requests[layer]!.gradient(own, at: seen.tensor(range), shape, rows: range)!
          if let bands { found += bands.tensor(range) }
          return RowBand(rows: range, tensor: found)
        }
      } else if let deeper = bands {
        bands = pulledBack(deeper, index, rows[index], noted[index])
      }
    }
    guard let found = bands?.tensor(owned) else {
      return .zeros([1, input.shape[1], owned.count, input.shape[3]])
    }
    if !takesPicture { return found }
    return vjp(at: input.sliced(owned, axis: 2)) { weights.preprocessing.convolve($0, padding: 0) }
      .pullback(found)
  }

  /// The gradient of `rows` before a step, given that of its output.
  private func pulledBack(
    _ bands: [RowBand], _ index: Int, _ rows: RowSet, _ notes: [RowBand]
  ) -> [RowBand] {
    let (input, output) = (geometry.extents[index], geometry.extents[index + 1])
    switch geometry.steps[index] {
    case .convolve(let number, let border, let rectifying):
      let filter = weights.convolutions[number - 1].weight
      func gradient(_ range: Range<Int>) -> RowBand {
        let seen = range.reach(in: input.height)
        return RowBand(
          rows: range,
          tensor: ConvolutionRows.inputGradient(
            bands.tensor(seen), firstRow: seen.lowerBound, mask: rectifying ? notes.mask(seen) : nil,
            filter: filter, rows: range, padsColumns: border == .zero,
            algorithm: precision.algorithm(ofConvolution: number)))
      }
      if border == .zero { return rows.ranges.map(gradient) }
      let framed = geometry.framedRows(rows, border, input.height).ranges.map(gradient)
      return rows.ranges.map { unframed(framed, $0, border, input.height) }
    case .rectify:
      return rows.ranges.map { range in
        RowBand(rows: range, tensor: bands.tensor(range).masked(by: notes.mask(range)!))
      }
    case .pool(let pooling):
      return rows.ranges.map { range in
        let pooled = range.lowerBound / 2..<min(range.upperBound / 2, output.height)
        guard !pooled.isEmpty else {
          return RowBand(rows: range, tensor: .zeros([1, input.channels, range.count, input.width]))
        }
        let gradient = bands.tensor(pooled)
        return RowBand(
          rows: range,
          tensor: pooling == .max
            ? gradient.scattered(by: notes.choices(pooled, ofInputRows: range.count)!)
            : gradient.meanHalvingGradient(height: range.count, width: input.width))
      }
    case .normalize, .keep, .deliver: return bands
    }
  }

  /// The gradient of rows of a picture from that of the framed picture, whose frame is added to what it shows.
  private func unframed(
    _ framed: [RowBand], _ rows: Range<Int>, _ border: PaddingMode, _ height: Int
  ) -> RowBand {
    func place(ofFrame row: Int) -> Int? {
      border.row(shownAt: row, height: height).flatMap { rows.contains($0) ? $0 - rows.lowerBound : nil }
    }
    let (above, below) = (place(ofFrame: -1), place(ofFrame: height))
    var parts = [framed.tensor(rows)]
    if above != nil { parts.insert(framed.tensor(-1..<0), at: 0) }
    if below != nil { parts.append(framed.tensor(height..<height + 1)) }
    let tensor = Tensor.concatenated(parts, axis: 2)
      .unframed(rows: rows.count, above: above, below: below, mode: border)
    return RowBand(rows: rows, tensor: tensor)
  }
}
