import Foundation

/// An amount of memory, as `800M`, `1.5G` or `2GiB` says it.
public struct ByteCount: Equatable, Sendable {
  /// The number of bytes.
  public let bytes: Double

  /// An amount of that many bytes.
  public init(_ bytes: Double) { self.bytes = bytes }

  /// What the letters stand for: powers of 1,000, and with an i of 1,024.
  private static let units: [String: Double] = [
    "": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "ki": 0x1p10, "mi": 0x1p20, "gi": 0x1p30, "ti": 0x1p40,
  ]
}

extension ByteCount: CustomStringConvertible {
  /// The amount that a text says; `nil` where it says none.
  public init?(parsing text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    var unit = text.dropFirst(digits.count).lowercased()
    if unit.hasSuffix("b") { unit.removeLast() }
    guard let number = Double(digits), number > 0, let factor = Self.units[unit] else { return nil }
    bytes = number * factor
  }

  /// The amount in megabytes, from 10 GB on in gigabytes.
  public var description: String {
    bytes < 9.9995e9
      ? "\(Int((bytes / 1e6).rounded()).formatted(.number.locale(Locale(identifier: "en_US")))) MB"
      : String(format: "%.1f GB", bytes / 1e9)
  }
}
