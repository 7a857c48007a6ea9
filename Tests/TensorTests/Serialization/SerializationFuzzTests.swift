import Foundation
import Testing

@testable import Tensor

#if os(macOS) || os(Linux)
  /// Each format runs in a process of its own, so that a trap is seen as one, and the memory measured is the
  /// reader's alone.
  @Suite("Damaged files of tensors: an error or a right result")
  struct SerializationFuzzTests {
    @Test("10,000 damaged copies of each safetensors file")
    func safetensors() async {
      await #expect(processExitsWith: .success) {
        try SerializationFuzz.run(["types.safetensors", "all_types.safetensors"]) { bytes in
          let file = try SafetensorsFile(bytes: bytes)
          if let difference = try SafetensorsOracle.difference(file, bytes) { return difference }
          return try SerializationFuzz.inconsistency(of: file)
        }
      }
    }

    @Test("10,000 damaged copies of each legacy PyTorch stream")
    func legacyStreams() async {
      await #expect(processExitsWith: .success) {
        try SerializationFuzz.run([
          "legacy.pth", "nested_legacy_4.pth", "values_legacy.pth", "strangers_legacy.pth",
        ]) { bytes in
          try SerializationFuzz.inconsistency(of: PyTorchFile(bytes: bytes))
        }
      }
    }

    @Test("10,000 damaged copies of each file of NumPy")
    func numPyFiles() async {
      await #expect(processExitsWith: .success) {
        try SerializationFuzz.run([
          "types.npz", "version_1.npy", "version_3.npy", "fortran.npy", "packed.npz", "mixed.npz",
        ]) { bytes in
          try SerializationFuzz.inconsistency(of: NumPyFile(bytes: bytes))
        }
      }
    }

    @Test("10,000 damaged copies of each PyTorch zip container")
    func zipContainers() async {
      await #expect(processExitsWith: .success) {
        try SerializationFuzz.run([
          "zip.pth", "nested_2.pth", "nested_5.pth", "network.pth", "single.pth", "packed.pth", "values.pth",
          "strangers_5.pth", "types.pth", "signs.pth",
        ]) { bytes in
          try SerializationFuzz.inconsistency(of: PyTorchFile(bytes: bytes))
        }
      }
    }
  }
#endif

enum SerializationFuzz {
  private static let mutations = 10_000
  /// Far above what 10,000 readings take, so that only a reading that hangs reaches it.
  private static let secondsAFile: UInt32 = 120
  private static let memoryLimit = 256 << 20

  /// Reads damaged copies of the files; ends the process when `read` finds a wrong result, throws another error
  /// than a `SerializationError`, or takes too much time or memory.
  static func run(_ names: [String], _ read: ([UInt8]) throws -> String?) throws {
    // Blocks kept for reuse are the pool's choice, not the reader's need.
    TensorMemory.poolLimit = 0
    for name in names {
      let original = try SerializationFixtures.bytes(name)
      let before = peakResidentBytes()
      alarm(secondsAFile)
      var accepted = 0
      for seed in 0..<UInt64(mutations) {
        var mutator = Mutator(seed: seed)
        do {
          if let fault = try read(mutator.damage(original)) { fatalError("\(name), seed \(seed): \(fault)") }
          accepted += 1
        } catch let error as SerializationError {
          precondition(!error.description.isEmpty)
        } catch {
          fatalError("\(name), seed \(seed): \(error)")
        }
      }
      alarm(0)
      // A fuzzer whose files are all refused at the door would test nothing.
      precondition(accepted > mutations / 100, "\(name): only \(accepted) damaged files were read")
      precondition(TensorMemory.counters.peak < memoryLimit, "\(name): \(TensorMemory.counters)")
      precondition(peakResidentBytes() - before < memoryLimit, "\(name): \(peakResidentBytes()) bytes")
    }
  }

  /// What two readings of the same file disagree about, or `nil`.
  static func inconsistency(of file: some TensorArchive) throws -> String? {
    guard Set(file.names).count == file.names.count else { return "a name comes twice" }
    for name in file.names {
      guard let type = try? file.scalarType(of: name) else { continue }
      if type.isInteger, type != .uint64 {
        guard try file.integers(name).count == file.shape(of: name).reduce(1, *) else {
          return "\(name): the count of integers"
        }
      }
      guard type.isReadable else { continue }
      let float = try file.tensor(name, as: Float.self)
      let double = try file.tensor(name, as: Double.self)
      let shape = try file.shape(of: name)
      guard float.shape == shape, double.shape == shape else { return "\(name): the shape" }
      guard zip(float.scalars, double.scalars).allSatisfy({ $0 == Float($1) || ($0.isNaN && $1.isNaN) })
      else {
        return "\(name): the values"
      }
    }
    return nil
  }

  /// The most memory that the process has had at a time.
  private static func peakResidentBytes() -> Int {
    #if os(Linux)
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 } ?? 0
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
