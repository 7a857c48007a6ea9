extension Kernels {
  /// The convolution by ``Winograd``, of `Float` arrays; `input` is channels-last.
  static func winogradConvolution<Scalar: TensorScalar>(
    _ input: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, bias: StridedArray<Scalar>?,
    _ geometry: ConvolutionGeometry, _ precisions: ProductPrecisions, relu: Bool, mask: BitMask?
  ) -> StridedArray<Scalar> {
    let shape = geometry.outputShape
    let result = StridedArray<Scalar>(uninitialized: shape, strides: Layout.channelsLastStrides(shape))
    let (source, target) = (input.assuming(Float.self), result.assuming(Float.self))
    let bias = bias?.contiguous().assuming(Float.self)
    withExtendedLifetime((input.storage, bias?.storage, mask)) {
      Winograd.forward(
        source.pointer, batch: geometry.batch, height: geometry.vertical.size,
        width: geometry.horizontal.size,
        padding: geometry.vertical.padding,
        filter: WinogradFilterCache.ordered(filter.assuming(Float.self), .forward),
        bias: bias?.pointer, relu: relu, output: target.pointer, reluBits: mask?.bytes,
        precision: precisions.forward)
    }
    return result
  }

  /// The gradient with respect to the input by ``Winograd``; `gradient` is channels-last, as is the result.
  static func winogradInputGradient<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, mask: BitMask?,
    _ geometry: ConvolutionGeometry, _ precisions: ProductPrecisions
  ) -> StridedArray<Scalar> {
    let shape = geometry.inputShape
    let result = StridedArray<Scalar>(uninitialized: shape, strides: Layout.channelsLastStrides(shape))
    let (source, target) = (gradient.assuming(Float.self), result.assuming(Float.self))
    withExtendedLifetime((gradient.storage, mask)) {
      Winograd.inputGradient(
        source.pointer, reluBits: mask.map { UnsafePointer($0.bytes) }, batch: geometry.batch,
        height: geometry.vertical.size, width: geometry.horizontal.size, padding: geometry.vertical.padding,
        filter: WinogradFilterCache.ordered(filter.assuming(Float.self), .inputGradient),
        output: target.pointer, precision: precisions.gradient)
    }
    return result
  }

  /// The gradient with respect to the filter by ``Winograd``; `input` and `gradient` are channels-last.
  static func winogradFilterGradient<Scalar: TensorScalar>(
    _ result: StridedArray<Scalar>, _ input: StridedArray<Scalar>, _ gradient: StridedArray<Scalar>,
    _ geometry: ConvolutionGeometry
  ) {
    let (source, slope, target) = (
      input.assuming(Float.self), gradient.assuming(Float.self), result.assuming(Float.self)
    )
    withExtendedLifetime((input.storage, gradient.storage, result.storage)) {
      Winograd.filterGradient(
        source.pointer, slope.pointer, geometry.winogradGrid, inputChannels: geometry.inputChannels,
        outputChannels: geometry.outputChannels, into: target.pointer)
    }
  }
}

extension Tensor<Float> {
  /// Gives back the memory of the order that a convolution's filter, [O, I, 3, 3], was put in. It is put in order again
  /// where it is needed again; no bit depends on that.
  package func forgetOrder() { WinogradFilterCache.forget(array) }
}

/// The filters in one storage in the order in which a pass transforms them, kept beside it until it is written to.
final class WinogradFilterCache: Sendable {
  /// What a filter is kept under: a storage may hold many, as a mapped file of weights does, and a view of a filter is
  /// another one.
  private struct Key: Equatable {
    let layout: Layout
    let direction: WinogradPass.Direction
  }

  private let filters = Guarded<[(key: Key, filter: WinogradFilter)]>([])

  private static func cache(_ filter: StridedArray<Float>) -> WinogradFilterCache {
    filter.storage.derived.value(WinogradFilterCache.self) { WinogradFilterCache() }
  }

  static func forget(_ filter: StridedArray<Float>) {
    cache(filter).filters.withLock { $0.removeAll { $0.key.layout == filter.layout } }
  }

  /// `filter` in the order for one direction, put so on first use.
  static func ordered(_ filter: StridedArray<Float>, _ direction: WinogradPass.Direction) -> WinogradFilter {
    let key = Key(layout: filter.layout, direction: direction)
    return cache(filter).filters.withLock { filters in
      if let known = filters.first(where: { $0.key == key }) { return known.filter }
      let ordered = filter.withTransientScalars {
        WinogradFilter(
          $0.baseAddress!, outputChannels: filter.shape[0], inputChannels: filter.shape[1],
          direction: direction)
      }
      filters.append((key, ordered))
      return ordered
    }
  }
}
