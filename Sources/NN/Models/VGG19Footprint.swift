import Tensor

extension VGG19 {
  /// The size of what lies between two steps of a pass over one picture.
  package struct Extent: Hashable, Sendable {
    package let channels: Int
    package let width: Int
    package let height: Int

    package init(channels: Int, width: Int, height: Int) {
      (self.channels, self.width, self.height) = (channels, width, height)
    }

    package var pixels: Double { Double(width) * Double(height) }
    /// The bytes in single precision.
    package var bytes: Double { Double(MemoryLayout<Float>.stride * channels) * pixels }
  }

  /// A step of a pass with the sizes of what it reads and of what it makes.
  package struct SizedStep: Sendable {
    package let step: Step
    package let input: Extent
    package let output: Extent
    /// The layer whose output this step computes, or computes a part of; `nil` before the first.
    package let layer: Layer?

    /// How many numbers the filter of a convolution of the network has; 0 for any other step.
    package var filterCount: Double {
      guard case .convolve = step else { return 0 }
      return Double(9 * input.channels * output.channels)
    }

    /// The floating-point operations of a convolution computed by its definition, a multiplication and an addition
    /// for every tap; 0 for other steps, whose operations are few beside these.
    package var operations: Double { 2 * filterCount * output.pixels }
  }

  /// The steps of a program with their sizes for a picture of `width` × `height` pixels.
  package static func sized(_ program: [Step], width: Int, height: Int) -> [SizedStep] {
    var input = Extent(channels: 3, width: width, height: height)
    var layer: Layer?
    return program.map { step in
      var output = input
      switch step {
      case .normalize, .deliver: break
      case .convolve(let number, _, _):
        layer = .convolution(number)
        output = Extent(
          channels: Layer.convolution(number).channelCount, width: input.width, height: input.height)
      case .rectify:
        // Behind a pooling it is the rest of that layer.
        if case .convolution? = layer?.kind { layer = layer.map { .relu($0.number) } }
      case .pool:
        layer = layer.map { .pooling($0.block + 1) }
        output = Extent(channels: input.channels, width: input.width / 2, height: input.height / 2)
      case .keep(let kept): layer = kept
      }
      defer { input = output }
      return SizedStep(step: step, input: input, output: output, layer: layer)
    }
  }

  /// The memory that an evaluation with its gradient takes: a pass through the network that records what its
  /// derivative needs, a loss on each layer that is delivered, and the way back to the picture.
  package struct Footprint: Hashable, Sendable {
    /// The most bytes that features, what is recorded of them, and gradients take at once.
    package private(set) var peakBytes = 0.0
    /// Where that is; `nil` if the program is empty.
    package private(set) var peakLayer: Layer?
    /// The bytes of the network's filters in the order in which they are transformed, as many as there are at once.
    package let filterBytes: Double
    /// The bytes that convolutions work in beside their inputs and outputs.
    package let workspaceBytes: Double

    /// The footprint of a program for a picture of `width` × `height` pixels, run by strips.
    package init(
      of program: [Step], width: Int, height: Int, strips: Strips = .none, precision: Precision = .full
    ) {
      let steps = VGG19.sized(program, width: width, height: height)
      let convolutions = steps.filter { $0.filterCount > 0 }
      func bytes(_ steps: some Sequence<SizedStep>) -> [Double] {
        steps.filter { $0.filterCount > 0 }.map {
          Double(
            ConvolutionPlan.orderedFilterBytes(
              inputChannels: $0.input.channels, outputChannels: $0.output.channels))
        }
      }
      workspaceBytes =
        convolutions.map {
          Double(
            ConvolutionPlan.workspaceBytes(
              inputChannels: $0.input.channels, outputChannels: $0.output.channels, width: $0.output.width,
              height: $0.output.height, precision.algorithm))
        }.max() ?? 0
      let segments = strips.geometries(of: program, steps)
      let inOnePiece = steps[(segments.last?.range.upperBound ?? 0)...]
      if strips.keepsFilters {
        filterBytes = bytes(steps).reduce(0, +)
      } else {
        // Those of one segment at a time, then one by one; and half as much for a filter as it is in its file and for what the
        // C library keeps of those before.
        let bySegment = segments.map { bytes(steps[$0.range]).reduce(0, +) }
        filterBytes = 1.5 * ((bySegment + bytes(inOnePiece)).max() ?? 0)
      }
      // The whole inputs of segments, the first of which is the picture.
      var kept = 0.0
      for (range, geometry) in segments {
        kept += geometry.extents[0].bytes
        note(kept + geometry.extents.last!.bytes + geometry.forwardBytes, at: steps[range.lowerBound])
      }
      let rest = Array(inOnePiece)
      let recorded = noteForward(rest, beside: kept)
      noteBackward(rest, recorded, beside: kept)
      for (range, geometry) in segments.reversed() {
        let gradients = geometry.extents[0].bytes + geometry.extents.last!.bytes
        note(kept + gradients + geometry.backwardBytes, at: steps[range.lowerBound])
        kept -= geometry.extents[0].bytes
      }
    }

    /// Notes what is there at each step on the way to the deepest layer.
    ///
    /// - Returns: The bytes that each step leaves behind for the backward pass.
    private mutating func noteForward(_ steps: [SizedStep], beside others: Double) -> [Double] {
      var kept = others
      var inputIsKept = false
      return steps.map { sized in
        var recorded = 0.0
        let output = sized.output.bytes
        switch sized.step {
        case .normalize:
          // The picture and its normalised form.
          recorded = 2 * output
          inputIsKept = true
        case .convolve(_, let border, let rectifying):
          let framed = border == .zero ? 0 : sized.input.bytes
          note(kept + (inputIsKept ? 0 : sized.input.bytes) + output + framed, at: sized)
          recorded = rectifying ? Self.maskBytes(sized.output) : 0
          inputIsKept = false
        case .rectify:
          note(kept + (inputIsKept ? 0 : sized.input.bytes) + output, at: sized)
          recorded = Self.maskBytes(sized.output)
          inputIsKept = false
        case .pool(let pooling):
          note(kept + (inputIsKept ? 0 : sized.input.bytes) + output, at: sized)
          // Two bits say which of four is the largest.
          recorded = pooling == .max ? 2 * Self.maskBytes(sized.output) : 0
          inputIsKept = false
        case .keep:
          recorded = output
          inputIsKept = true
        case .deliver: break
        }
        kept += recorded
        return recorded
      }
    }

    /// Notes what is there at each step on the way back: the gradient of what the step made and that of what it read,
    /// beside all that earlier steps recorded.
    private mutating func noteBackward(_ steps: [SizedStep], _ recorded: [Double], beside others: Double) {
      var kept = recorded.reduce(others, +)
      // The gradient of what is worked on; the deepest layer has none but its loss's.
      var isDeepest = true
      for (index, (sized, bytes)) in zip(steps, recorded).enumerated().reversed() {
        let (input, output) = (sized.input.bytes, sized.output.bytes)
        switch sized.step {
        case .convolve(_, let border, _):
          // The output's gradient dies before the framed input's is folded into the input's.
          note(kept + input + (border == .zero ? output : max(output, input)), at: sized)
        // Most of that is the gradient of what is pooled.
        case .pool, .rectify: note(kept + output + input, at: index > 0 ? steps[index - 1] : sized)
        case .deliver(let layer):
          // The loss's gradient is made of the layer's features, which then are needed no longer, beside the gradient
          // that has come down to here. It waits for that one in their place.
          let own = steps[..<index].last { $0.step == .keep(layer) } ?? sized
          note(kept + own.output.bytes + (isDeepest ? 0 : output), at: own)
          isDeepest = false
        case .keep: note(kept + output, at: sized)
        case .normalize: break
        }
        kept -= bytes
      }
    }

    /// The bytes of one bit for each number.
    private static func maskBytes(_ extent: Extent) -> Double { extent.bytes / 32 }

    private mutating func note(_ bytes: Double, at sized: SizedStep) {
      if bytes > peakBytes { (peakBytes, peakLayer) = (bytes, sized.layer) }
    }
  }
}
