import Foundation

@testable import Tensor

/// A second reader of safetensors, which knows nothing of the first: Foundation's JSON and plain arithmetic.
enum SafetensorsOracle {
  /// What differs between `file` and what its bytes say, or `nil`.
  static func difference(_ file: SafetensorsFile, _ bytes: [UInt8]) throws -> String? {
    let length = Int(bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any] ?? [:]
    let described = header.filter { $0.key != "__metadata__" }
    guard Set(file.names) == Set(described.keys) else { return "the names \(file.names)" }
    guard file.metadata == header["__metadata__"] as? [String: String] ?? [:] else { return "the metadata" }
    for (name, value) in described {
      guard let entry = value as? [String: Any], let shape = entry["shape"] as? [Int],
        let offsets = entry["data_offsets"] as? [Int], let type = entry["dtype"] as? String
      else { return "\(name): accepted without all fields" }
      guard try file.shape(of: name) == shape else { return "\(name): the shape" }
      guard let listed = try? file.scalarType(of: name) else {
        if StoredScalarType(rawValue: type)?.rawValue.hasPrefix("C1") ?? true || type == "C32" { continue }
        return "\(name): the type \(type) is not known"
      }
      guard listed.rawValue == type else { return "\(name): the type" }
      guard try file.scalarType(of: name).isReadable else { continue }
      let data = bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])]
      let expected = numbers(Array(data), type)
      let found = try file.tensor(name, as: Double.self).scalars
      guard found.count == expected.count,
        zip(found, expected).allSatisfy({ $0 == $1 || ($0.isNaN && $1.isNaN) })
      else { return "\(name): the values" }
    }
    return nil
  }

  private static func numbers(_ bytes: [UInt8], _ type: String) -> [Double] {
    let width = type == "F64" ? 8 : type == "F32" ? 4 : 2
    return stride(from: 0, to: bytes.count, by: width).map { start in
      let bits = bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return switch type {
      case "F64": Double(bitPattern: bits)
      case "F32": Double(Float(bitPattern: UInt32(bits)))
      case "F16": StoredElementTests.value(bits: UInt16(bits), exponentBits: 5)
      default: StoredElementTests.value(bits: UInt16(bits), exponentBits: 8)
      }
    }
  }
}
