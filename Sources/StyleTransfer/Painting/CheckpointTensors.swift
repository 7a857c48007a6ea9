import Foundation
import ImpastoPlatform
import NN
import Tensor

/// The tensors of a checkpoint, each under a name; those that are alike to the bit are written once, and are one in
/// memory again when they are read.
struct CheckpointTensors {
  /// What is written.
  private(set) var stored: [String: Tensor<Float>] = [:]
  /// The names of the others, and which tensor each of them is.
  private(set) var aliases: [String: String] = [:]
  private var file: SafetensorsFile?
  /// The CRC-32 of each tensor's bytes in the file, in hexadecimal.
  private var checksums: [String: String] = [:]
  private let read = ReadTensors()

  init() {}

  init(_ file: SafetensorsFile, aliases: [String: String], checksums: [String: String]) {
    (self.file, self.aliases, self.checksums) = (file, aliases, checksums)
  }

  mutating func add(_ name: String, _ tensor: Tensor<Float>) {
    if let same = stored.first(where: { $0.value.isSame(as: tensor) })?.key {
      aliases[name] = same
    } else {
      stored[name] = tensor
    }
  }

  /// Whether there is a tensor called `name`.
  func has(_ name: String) -> Bool {
    aliases[name] != nil || stored[name] != nil || file?.names.contains(name) == true
  }

  /// The checksums of the tensors that are written.
  var sums: [String: String] {
    stored.mapValues { $0.withUnsafeScalars { checksum(UnsafeRawBufferPointer($0)) } }
  }

  /// The tensor called `name`, in memory of its own: the file may be replaced and deleted meanwhile.
  ///
  /// - Throws: ``StyleTransferError`` when its bytes are not those that were written.
  func tensor(_ name: String) throws -> Tensor<Float> {
    let name = aliases[name] ?? name
    if let tensor = read.tensors[name] { return tensor }
    guard let file else { return stored[name] ?? Tensor(0) }
    let mapped: Tensor<Float> = try file.tensor(name)
    let tensor = try mapped.withUnsafeScalars { scalars in
      guard checksum(UnsafeRawBufferPointer(scalars)) == checksums[name] else {
        throw DamagedTensor(name: name)
      }
      return Tensor<Float>(shape: mapped.shape) { _ = $0.update(fromContentsOf: scalars) }
    }
    read.tensors[name] = tensor
    return tensor
  }

  /// The tensors whose names begin with `prefix`, without that.
  func part(_ prefix: String) throws -> NamedTensors<Float> {
    let names = ((file?.names ?? []) + aliases.keys).filter { $0.hasPrefix(prefix) }.sorted()
    return NamedTensors(
      names: names.map { String($0.dropFirst(prefix.count)) }, tensors: try names.map(tensor))
  }
}

/// A tensor in a checkpoint whose bytes have changed since they were written.
struct DamagedTensor: Error, CustomStringConvertible {
  let name: String
  var description: String { "the bytes of '\(name)' are not those that were written, the file is damaged" }
}

/// The CRC-32 of bytes, in hexadecimal.
func checksum(_ bytes: UnsafeRawBufferPointer) -> String {
  var crc = CRC32()
  crc.update(bytes)
  return String(crc.value, radix: 16)
}

/// What was read of a checkpoint so far.
private final class ReadTensors {
  var tensors: [String: Tensor<Float>] = [:]
}

extension Tensor<Float> {
  /// Whether both have one shape and the same bits.
  fileprivate func isSame(as other: Tensor) -> Bool {
    shape == other.shape
      && withUnsafeScalars { a in
        other.withUnsafeScalars { b in
          a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count * MemoryLayout<Float>.stride) == 0
        }
      }
  }
}
