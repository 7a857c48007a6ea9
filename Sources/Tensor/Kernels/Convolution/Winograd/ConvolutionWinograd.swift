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
        filter: WinogradFilterCache.transformed(filter.assuming(Float.self), precisions.forward),
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
        filter: WinogradFilterCache.transformed(filter.assuming(Float.self), precisions.forward),
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
  /// Gives back the memory of what a convolution's filter, [O, I, 3, 3], was transformed to. It is transformed again where it
  /// is needed again; no bit depends on that.
  package func forgetTransform() { WinogradFilterCache.forget(array) }
}

/// The transforms of the filters in one storage, kept beside it until it is written to.
///
/// A filter has one transform at a time, in the precision that was asked for last: those who change it wait once for
/// another, and nobody holds two.
final class WinogradFilterCache: Sendable {
  /// A storage may hold many filters, as a mapped file of weights does, and a view of a filter is another filter.
  private let transforms = Guarded<[(layout: Layout, filter: WinogradFilter)]>([])

  private static func cache(_ filter: StridedArray<Float>) -> WinogradFilterCache {
    filter.storage.derived.value(WinogradFilterCache.self) { WinogradFilterCache() }
  }

  static func forget(_ filter: StridedArray<Float>) {
    cache(filter).transforms.withLock { $0.removeAll { $0.layout == filter.layout } }
  }

  /// The transform of `filter`, made on first use.
  static func transformed(_ filter: StridedArray<Float>, _ precision: ProductPrecision) -> WinogradFilter {
    cache(filter).transforms.withLock { transforms in
      let place = transforms.firstIndex { $0.layout == filter.layout }
      if let place, transforms[place].filter.precision == precision { return transforms[place].filter }
      if let place { transforms.remove(at: place) }
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
