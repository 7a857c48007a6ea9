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
        filter: WinogradFilterCache.transformed(filter.assuming(Float.self), precisions, \.forward),
        bias: bias?.pointer, relu: relu, output: target.pointer, reluBits: mask?.bytes)
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
        filter: WinogradFilterCache.transformed(filter.assuming(Float.self), precisions, \.gradient),
        output: target.pointer)
    }
    return result
  }
}

/// The transforms of the filters in one storage, kept beside it until it is written to.
///
/// A filter has the transforms that were asked for last, one for each precision of a convolution and its gradient: those
/// who change it wait once for others, and nobody holds what is not used any more.
final class WinogradFilterCache: Sendable {
  /// A storage may hold many filters, as a mapped file of weights does, and a view of a filter is another filter.
  private let transforms = Guarded<[(layout: Layout, filter: WinogradFilter)]>([])

  /// The transform of `filter` for one direction, made on first use.
  static func transformed(
    _ filter: StridedArray<Float>, _ precisions: ProductPrecisions,
    _ direction: KeyPath<ProductPrecisions, ProductPrecision>
  ) -> WinogradFilter {
    let precision = precisions[keyPath: direction]
    let cache = filter.storage.derived.value(WinogradFilterCache.self) { WinogradFilterCache() }
    return cache.transforms.withLock { transforms in
      let kept = transforms.first { $0.layout == filter.layout && $0.filter.precision == precision }
      if let kept { return kept.filter }
      transforms.removeAll { $0.layout == filter.layout && !precisions.all.contains($0.filter.precision) }
      let transform = filter.withTransientScalars {
        WinogradFilter(
          $0.baseAddress!, outputChannels: filter.shape[0], inputChannels: filter.shape[1],
          precision: precision)
      }
      transforms.append((filter.layout, transform))
      return transform
    }
  }
}
