extension Kernels {
  /// The elements as another type, in the order of `x`; see ``Tensor/init(_:)-(Tensor<Other>)`` for what becomes of them.
  ///
  /// What has no loop of its own goes by way of the widest type of its kind, `Double` or `Int64`, which holds it exactly.
  /// So nine types need a loop each in and out, not one for every pair.
  static func convert<From: TensorElement, To: TensorElement>(
    _ x: StridedArray<From>, to: To.Type
  ) -> StridedArray<To> {
    if From.self == To.self { return x.assuming(To.self) }
    let result = StridedArray<To>(uninitialized: x.shape, strides: x.layout.denseStrides(for: x.shape))
    let (r, p) = (UnsafeMutableRawPointer(storageStart(result)), UnsafeRawPointer(storageStart(x)))
    let (size, sourceSize) = (MemoryLayout<To>.size, MemoryLayout<From>.size)
    forEachRow(of: result.layout, x.layout) { start, step, count in
      let target = ElementRow(start: r + start[0] &* size, step: step[0])
      let source = ElementRow(
        start: UnsafeMutableRawPointer(mutating: p + start[1] &* sourceSize), step: step[1])
      convertRow(source, From.storedType, target, To.storedType, count)
    }
    withExtendedLifetime((result.storage, x.storage)) {}
    return result
  }
}

/// Elements at even steps, of a type that is known elsewhere.
private struct ElementRow {
  let start: UnsafeMutableRawPointer
  let step: Int

  /// Writes f of these elements to those of `target`.
  @inline(__always)
  func convert<A, B>(to target: ElementRow, _ count: Int, _ f: (A) -> B) {
    let (p, ps) = (start.assumingMemoryBound(to: A.self), step)
    let (r, rs) = (target.start.assumingMemoryBound(to: B.self), target.step)
    // A step that is known makes a loop of vectors.
    if ps == 1, rs == 1 {
      for i in 0..<count { r[i] = f(p[i]) }
    } else {
      for i in 0..<count { r[i &* rs] = f(p[i &* ps]) }
    }
  }

  func advanced(by count: Int, size: Int) -> ElementRow {
    ElementRow(start: start + count &* step &* size, step: step)
  }
}

private func convertRow(
  _ source: ElementRow, _ from: StoredScalarType, _ target: ElementRow, _ to: StoredScalarType, _ count: Int
) {
  switch (from, to) {
  case (.bool, .float32), (.uint8, .float32): source.convert(to: target, count) { (x: UInt8) in Float(x) }
  case (.bool, .float64), (.uint8, .float64): source.convert(to: target, count) { (x: UInt8) in Double(x) }
  case (.float32, .float64): source.convert(to: target, count) { (x: Float) in Double(x) }
  case (.float64, .float32): source.convert(to: target, count) { (x: Double) in Float(x) }
  default:
    let capacity = 128
    withUnsafeTemporaryAllocation(byteCount: 8 * capacity, alignment: 16) { block in
      let wide = ElementRow(start: block.baseAddress!, step: 1)
      for first in stride(from: 0, to: count, by: capacity) {
        let length = min(capacity, count - first)
        let source = source.advanced(by: first, size: from.byteCount)
        let target = target.advanced(by: first, size: to.byteCount)
        if widen(source, from, wide, length) {
          narrow(wide, to: target, to, length) { (x: Double) in x }
        } else {
          narrow(wide, to: target, to, length) { (x: Int64) in x }
        }
      }
    }
  }
}

/// Writes `Double`s or `Int64`s, and tells whether it was the former.
private func widen(_ x: ElementRow, _ type: StoredScalarType, _ y: ElementRow, _ count: Int) -> Bool {
  switch type {
  case .bool, .uint8: x.convert(to: y, count) { (x: UInt8) in Int64(x) }
  case .int32: x.convert(to: y, count) { (x: Int32) in Int64(x) }
  case .int64: x.convert(to: y, count) { (x: Int64) in x }
  case .bfloat16: x.convert(to: y, count) { (x: BFloat16) in Double(x) }
  case .float32: x.convert(to: y, count) { (x: Float) in Double(x) }
  case .float64: x.convert(to: y, count) { (x: Double) in x }
  #if !(os(macOS) && arch(x86_64))
    case .float16: x.convert(to: y, count) { (x: Float16) in Double(x) }
  #endif
  default: fatalError("Tensor: no elements are of the type \(type)")
  }
  switch type {
  case .bool, .uint8, .int32, .int64: return false
  default: return true
  }
}

/// Writes what the elements of `x`, of the type that `same` has, are as `type`.
@inline(__always)
private func narrow<Wide: WideElement>(
  _ x: ElementRow, to y: ElementRow, _ type: StoredScalarType, _ count: Int, _ same: (Wide) -> Wide
) {
  switch type {
  case .bool: x.convert(to: y, count) { (x: Wide) in UInt8(x != 0 ? 1 : 0) }
  case .uint8: x.convert(to: y, count) { (x: Wide) in x.integer(UInt8.self) }
  case .int32: x.convert(to: y, count) { (x: Wide) in x.integer(Int32.self) }
  case .int64: x.convert(to: y, count) { (x: Wide) in x.integer(Int64.self) }
  case .bfloat16: x.convert(to: y, count) { (x: Wide) in x.bfloat16 }
  case .float32: x.convert(to: y, count) { (x: Wide) in x.float }
  case .float64: x.convert(to: y, count) { (x: Wide) in x.double }
  #if !(os(macOS) && arch(x86_64))
    case .float16: x.convert(to: y, count) { (x: Wide) in x.float16 }
  #endif
  default: fatalError("Tensor: no elements are of the type \(type)")
  }
}

/// A type that holds all others of its kind, and what its numbers are in those: rounded to nearest once, or, as integers,
/// towards zero.
private protocol WideElement: Equatable, ExpressibleByIntegerLiteral {
  func integer<Integer: TensorInteger>(_: Integer.Type) -> Integer
  var bfloat16: BFloat16 { get }
  var float: Float { get }
  var double: Double { get }
  #if !(os(macOS) && arch(x86_64))
    var float16: Float16 { get }
  #endif
}

extension Double: WideElement {
  @inline(__always) fileprivate func integer<Integer: TensorInteger>(_: Integer.Type) -> Integer {
    guard let integer = Integer(exactly: rounded(.towardZero)) else {
      failConverting("\(self)", Integer.self)
    }
    return integer
  }
  fileprivate var bfloat16: BFloat16 { BFloat16(self) }
  fileprivate var float: Float { Float(self) }
  fileprivate var double: Double { self }
  #if !(os(macOS) && arch(x86_64))
    fileprivate var float16: Float16 { Float16(self) }
  #endif
}

extension Int64: WideElement {
  @inline(__always) fileprivate func integer<Integer: TensorInteger>(_: Integer.Type) -> Integer {
    guard let integer = Integer(exactly: self) else { failConverting("\(self)", Integer.self) }
    return integer
  }
  fileprivate var bfloat16: BFloat16 {
    // Exact as a `Double`, or at least rounded to odd, beyond its 53 digits.
    let magnitude = self.magnitude
    let cut = magnitude & ~0x7ff
    let odd = magnitude < 1 << 53 || magnitude == cut ? magnitude : cut | 0x800
    return BFloat16(self < 0 ? -Double(odd) : Double(odd))
  }
  fileprivate var float: Float { Float(self) }
  fileprivate var double: Double { Double(self) }
  #if !(os(macOS) && arch(x86_64))
    fileprivate var float16: Float16 { Float16(self) }
  #endif
}

private func failConverting<Integer: TensorInteger>(_ element: String, _: Integer.Type) -> Never {
  ShapeCheck.fail(
    "Tensor: the element \(element) is no \(Integer.scalarName), which holds \(Integer.min) to \(Integer.max); bring it "
      + "into that range first, as with clamped(to:)")
}
