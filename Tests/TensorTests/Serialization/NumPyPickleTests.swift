import Foundation
import ImpastoPlatform
import Testing

@testable import Tensor

/// Pickles of NumPy's arrays, which Tests/Fixtures/serialization/generate.py wrote.
@Suite("Pickles of arrays")
struct NumPyPickleTests {
  private static func error(_ name: String) -> SerializationError? {
    SerializationFixtures.error { _ = try openTensorArchive(SerializationFixtures.path(name)) }
  }

  @Test("names, shapes and numbers are those of the dictionary, in every protocol", arguments: [3, 4, 5])
  func arrays(version: Int) throws {
    let file = try openTensorArchive(SerializationFixtures.path("arrays_\(version).pickle"))
    #expect(file is NumPyPickleFile)
    #expect(
      file.names == [
        "layer.kernel", "layer.bias", "columns", "counts", "scalar", "empty", "list.0", "list.1",
      ])
    let sample = SerializationFixtures.sample
    let kernel: Tensor<Float> = try file.tensor("layer.kernel")
    #expect(kernel.shape == [2, 3, 4] && kernel.scalars == sample(24))
    // Big-endian.
    #expect(try file.tensor("layer.bias", as: Double.self).scalars == sample(3).map(Double.init))
    // The first axis is innermost in the file.
    let columns: Tensor<Float> = try file.tensor("columns")
    #expect(columns.shape == [3, 4] && columns.scalars == sample(12))
    #expect(try file.integers("counts") == sample(5).map { Int($0) })
    #expect(try file.tensor("scalar", as: Float.self).scalars == [2.5])
    #expect(try file.shape(of: "scalar") == [] && file.shape(of: "empty") == [0, 3])
    #expect(try file.tensor("list.1", as: Float.self).scalars == sample(1))
  }

  @Test(
    "what is no array of numbers is passed over, or listed and refused, and the arrays beside it are read")
  func odd() throws {
    let file = try openTensorArchive(SerializationFixtures.path("arrays_odd.pickle"))
    #expect(file.names == ["x", "words", "things"])
    #expect(file.otherContents == ["when": "an object of the class datetime.date"])
    #expect(try file.tensor("x", as: Float.self).scalars == SerializationFixtures.sample(2))
    for name in ["words", "things"] {
      #expect(SerializationFixtures.error { _ = try file.tensor(name, as: Float.self) }?.kind == .unsupported)
    }
    let old = try openTensorArchive(SerializationFixtures.path("arrays_2.pickle"))
    #expect(old.names == ["x"])
    #expect(SerializationFixtures.error { _ = try old.tensor("x", as: Float.self) }?.kind == .unsupported)
    #expect(
      Self.error("no_arrays.pickle")?.cause
        == "the file is a pickle, but neither PyTorch's nor of NumPy's arrays")
  }

  @Test("PyTorch's streams are told apart, and the reader of pickles refuses them")
  func otherPickles() throws {
    #expect(try openTensorArchive(SerializationFixtures.path("legacy.pth")) is PyTorchFile)
    let stream = try SerializationFixtures.bytes("legacy.pth")
    #expect(throws: SerializationError.self) { _ = try NumPyPickleFile(bytes: stream) }
    #expect(throws: SerializationError.self) { _ = try NumPyPickleFile(bytes: Array("no pickle".utf8)) }
  }

  @Test("a file that ends early, or has a byte changed, is an error or reads as arrays, and nothing else")
  func damage() throws {
    let bytes = try SerializationFixtures.bytes("arrays_4.pickle")
    for count in 0..<bytes.count {
      #expect(throws: SerializationError.self) { _ = try NumPyPickleFile(bytes: bytes.prefix(count)) }
    }
    var refused = 0
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x15
      do {
        let file = try NumPyPickleFile(bytes: changed)
        for name in file.names where (try? file.scalarType(of: name).isReadable) == true {
          _ = try? file.tensor(name, as: Float.self)
        }
      } catch {
        refused += 1
      }
    }
    #expect(refused > bytes.count / 10)
  }

  @Test("a length that the numbers do not have is refused")
  func lengths() throws {
    var bytes = try SerializationFixtures.bytes("arrays_3.pickle")
    // BININT1 2, BININT1 3, BININT1 4: the shape of the first array.
    let shape: [UInt8] = [0x4b, 2, 0x4b, 3, 0x4b, 4]
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: shape) })
    bytes[start + 1] = 200
    let error = SerializationFixtures.error { _ = try NumPyPickleFile(bytes: bytes) }
    #expect(error?.cause == "an array of shape [200, 3, 4] and type f4 has 96 bytes")
  }
}
