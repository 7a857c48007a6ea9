import Foundation
import Testing

@testable import Tensor

@Suite("Safetensors.write")
struct SafetensorsWriteTests {
  @Test("what is written reads back, bit for bit, also from views")
  func roundTrip() throws {
    let special: [Float] = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1,
    ]
    let matrix = Tensor<Float>(SerializationFixtures.sample(6), shape: [2, 3])
    let tensors = [
      "special": Tensor<Float>(special, shape: [2, 4]),
      "transposed": Tensor(matrix.array.transposed([1, 0])),
      "scalar": Tensor<Float>(3), "empty": Tensor<Float>([], shape: [0, 2]),
      "quote \" back\\slash \n é 🎨": Tensor<Float>([1]),
    ]
    let metadata = ["made by": "a test", "control\u{1}": "\ttab"]
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.safetensors").plainPath
      try Safetensors.write(tensors, metadata: metadata, to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.metadata == metadata)
      #expect(file.names == tensors.keys.sorted())
      for (name, tensor) in tensors {
        let read = try file.tensor(name, as: Float.self)
        #expect(read.shape == tensor.shape)
        #expect(read.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern), "\(name)")
        #expect(read.count == 0 || read.array.storage.isBorrowed)
      }
    }
  }

  @Test("tensors that are written some rows at a time, in any order, are those that are written as a whole")
  func parts() throws {
    let a = Tensor<Float>((0..<2 * 3 * 5 * 4).map(Float.init), shape: [2, 3, 5, 4])
    let b = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [3, 2])
    try SerializationFixtures.withTemporaryFolder { folder in
      let paths = ["a", "b"].map { folder.appending(path: $0).plainPath }
      try Safetensors.write(["a": a, "b": b], metadata: ["k": "v"], to: paths[0])
      try Safetensors.write(shapes: ["a": a.shape, "b": b.shape], metadata: ["k": "v"], to: paths[1]) {
        write in
        try write("b", b[1...], 1)
        for rows in [2..<5, 0..<1, 1..<2] { try write("a", a[0..., 0..., rows], rows.lowerBound) }
        try write("b", b[..<1], 0)
      }
      let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test("Double is kept as F64")
  func double() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.safetensors").plainPath
      try Safetensors.write(["x": Tensor<Double>([0.1, 1e300])], to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(try file.scalarType(of: "x") == .float64)
      #expect(try file.tensor("x", as: Double.self).scalars == [0.1, 1e300])
      #expect(try file.tensor("x", as: Float.self).scalars == [0.1, .infinity])
    }
  }

  @Test("the bytes are those of the format: length, padded header, numbers; the same each time")
  func bytes() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.safetensors").plainPath
      let header =
        #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
      let padded = header + String(repeating: " ", count: 7 - (header.utf8.count + 7) % 8)
      let numbers: [Float] = [7, 1, 2]
      let expected =
        withUnsafeBytes(of: UInt64(padded.utf8.count).littleEndian, Array.init) + padded.utf8
        + numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
      for _ in 0..<3 {
        try Safetensors.write(
          ["b": Tensor<Float>([1, 2]), "a": Tensor<Float>(7)], metadata: ["k": "v"], to: path)
        #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == expected)
      }
    }
  }

  @Test("no tensors at all make a valid file")
  func empty() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.safetensors").plainPath
      try Safetensors.write([:] as [String: Tensor<Float>], to: path)
      #expect(try SafetensorsFile(contentsOf: path).names == [])
    }
  }

  @Test("the reserved name is refused and no file appears")
  func reservedName() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.safetensors").plainPath
      let error = SerializationFixtures.error {
        try Safetensors.write(["__metadata__": Tensor<Float>(1)], to: path)
      }
      #expect(error?.kind == .unwritable)
      let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder.plainPath)
      #expect(leftovers == [])
    }
  }

  @Test("a file that is mapped may be replaced: its tensors keep their numbers")
  func replacingAMappedFile() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a").plainPath
      try Safetensors.write(["x": Tensor<Float>([1, 2])], to: path)
      let old = try SafetensorsFile(contentsOf: path).tensor("x", as: Float.self)
      try Safetensors.write(["x": Tensor<Float>([3])], to: path)
      #expect(old.scalars == [1, 2])
      #expect(try SafetensorsFile(contentsOf: path).tensor("x", as: Float.self).scalars == [3])
    }
  }

  @Test("a missing folder and a folder in the file's place are errors with a remedy")
  func unwritable() throws {
    let tensors = ["x": Tensor<Float>([1])]
    try SerializationFixtures.withTemporaryFolder { folder in
      let inMissing = folder.appending(path: "none/a").plainPath
      let missing = SerializationFixtures.error { try Safetensors.write(tensors, to: inMissing) }
      #expect(missing?.kind == .unwritable)
      #expect(missing?.remedy == "create it first")
      let occupied = SerializationFixtures.error { try Safetensors.write(tensors, to: folder.plainPath) }
      #expect(occupied?.cause == "it is a folder or a device")
      let nameless = SerializationFixtures.error { try Safetensors.write(tensors, to: "") }
      #expect(nameless?.description == "\"\": the file has no name; give it one")
    }
  }
}
