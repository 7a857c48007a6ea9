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

  @Test(
    "types that packages add are read where they have names, and an array of any other keeps none from being read"
  )
  func types() throws {
    let file = try openTensorArchive(SerializationFixtures.path("arrays_types.pickle"))
    let sample = SerializationFixtures.sample
    #expect(try file.tensor("x", as: Float.self).scalars == sample(2))
    #expect(try file.tensor("bfloat16", as: Float.self).scalars == sample(3))
    #expect(try file.scalarType(of: "bfloat16") == .bfloat16)
    let bytes: Tensor<UInt8> = try file.tensor("float8")
    #expect(Tensor<Float>(float8: bytes, try file.scalarType(of: "float8")).scalars == [1.5, -2, 0.25])
    let refused: [(String, Shape?, String)] = [
      ("int4", [2], "an array of the type \"ml_dtypes.int4\""), ("pairs", [2], "an array of structures"),
      ("records", [2], "an array of structures"), ("date", [1], "an array of the type \"M8\""),
      ("words", [1], "_convert_to_stringdtype_kwargs makes"), ("long", [2], "an array of the type \"f16\""),
      ("measured", nil, "an array of a class that has more than NumPy's arrays"),
    ]
    for (name, shape, reason) in refused {
      #expect((try? file.shape(of: name)) == shape, "\(name)")
      let error = SerializationFixtures.error { _ = try file.tensor(name, as: Float.self) }
      #expect(error?.kind == .unsupported)
      #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
      #expect(file.holdsNumbers(name) == ["int4", "long", "measured"].contains(name), "\(name)")
    }
    // Swift takes the two names for one text, which the number tells apart.
    #expect(file.names.suffix(2) == ["cafe\u{301}", "cafe\u{301}#2"])
    #expect(try file.shape(of: "café") == [1] && file.shape(of: "café#2") == [2])
  }

  @Test("the axes of an array may lie in any order")
  func permuted() throws {
    let file = try openTensorArchive(SerializationFixtures.path("arrays_permuted.pickle"))
    let kernel: Tensor<Float> = try file.tensor("kernel")
    #expect(kernel.shape == [4, 5, 3, 2])
    let original = Tensor<Float>(SerializationFixtures.sample(120), shape: [2, 3, 4, 5])
    #expect(kernel.scalars == original.transposed(axes: [2, 3, 1, 0]).scalars)
    #expect(try file.tensor("bias", as: Float.self).scalars == SerializationFixtures.sample(2))
  }

  @Test("arrays that Python 2 pickled are read: their numbers are strings to it")
  func pythonTwo() throws {
    typealias Python = PickleWriter
    func array(_ code: String, _ shape: [Int], _ numbers: [UInt8]) -> [UInt8] {
      let type =
        Python.call(
          Python.global("numpy", "dtype"), [Python.byteString(code), Python.integer(0), Python.integer(1)])
        + Python.tuple([Python.integer(3), Python.byteString("<"), Python.none, Python.none, Python.none]) + [
          0x62
        ]
      return Python.call(
        Python.global("numpy.core.multiarray", "_reconstruct"),
        [Python.global("numpy", "ndarray"), Python.tuple([Python.integer(0)]), Python.byteString("b")])
        + Python.tuple([
          Python.integer(1), Python.tuple(shape.map(Python.integer)), type, [0x89],
          // BINSTRING, as for whatever has more than 255 bytes.
          [0x54] + Python.little(UInt32(numbers.count)) + numbers,
        ]) + [0x62]
    }
    let bytes = [-2.5, 1e30, 3].flatMap { Python.little(Float($0).bitPattern) }
    let text = Array("abcdefgh".utf8)
    let object = Python.dictionary([
      (Python.byteString("w"), array("f4", [3], bytes)), (Python.byteString("t"), array("u1", [2, 4], text)),
      ([0x55, 2, 0xe9, 0x21], array("u1", [1], [7])),
    ])
    for end in ["", "\n", "\r\n"] {
      let file = try NumPyPickleFile(bytes: [0x80, 2] + object + Python.stop + Array(end.utf8))
      #expect(file.names == ["w", "t", "é!"])
      #expect(try file.tensor("w", as: Float.self).scalars == [-2.5, 1e30, 3])
      #expect(try file.integers("t") == text.map(Int.init) && file.shape(of: "t") == [2, 4])
    }
    let two = [0x80, 2] + object + Python.stop
    #expect(
      SerializationFixtures.error { _ = try NumPyPickleFile(bytes: two + two) }?.remedy?.contains(
        "one dictionary")
        == true)
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
