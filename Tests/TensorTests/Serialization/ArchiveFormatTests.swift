import Foundation
import ImpastoPlatform
import Testing

@testable import Tensor

@Suite("ArchiveFormat")
struct ArchiveFormatTests {
  private typealias P = PickleWriter

  private static let names = [
    "a", "a.safetensors", "a.pth", "a.pt", "a.pkl", "a.bin", "a.ckpt", "a.npy", "a.npz", "a.zip",
  ]

  /// A safetensors file of one tensor `w` with a header of so many bytes; without a tensor where those are too few.
  private static func safetensors(headerOf count: Int) -> [UInt8] {
    let one = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let header = count < one.utf8.count ? "{}" : one
    let spaces = String(repeating: " ", count: count - header.utf8.count)
    return P.little(UInt64(count)) + (header + spaces).utf8 + (header == one ? [0, 0, 0x80, 0x3f] : [])
  }

  @Test("a safetensors file is read whatever the length of its header, whose bytes come first")
  func headerLengths() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      for count in 8...4096 {
        let path = folder.appending(path: Self.names[count % Self.names.count]).plainPath
        try Data(Self.safetensors(headerOf: count)).write(to: URL(filePath: path))
        let archive = try openTensorArchive(path)
        #expect(archive is SafetensorsFile, "\(count)")
        guard count > 64 else { continue }
        #expect(try archive.tensor("w", as: Float.self).scalars == [1], "\(count)")
      }
    }
  }

  @Test("a header whose length spells the beginning of a zip archive is that of safetensors")
  func lengthOfZip() {
    let bytes = P.little(UInt64(0x0403_4b50)) + "{".utf8
    #expect(bytes.starts(with: ZipDirectory.signature))
    #expect(ArchiveFormat(of: MappedFile(copying: bytes, name: "x")) == .safetensors)
  }

  @Test("a safetensors file that was cut short is told to be one, not a pickle", arguments: [128, 640, 896])
  func truncated(count: Int) {
    let bytes = Self.safetensors(headerOf: count)
    for kept in [9, 100, count + 7] {
      let file = MappedFile(copying: bytes.prefix(kept), name: "x")
      #expect(ArchiveFormat(of: file) == .safetensors)
      let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: bytes.prefix(kept)) }
      #expect(error?.cause == "the file is neither a zip archive nor a pickle, as PyTorch's are")
    }
  }

  @Test("models of every size are read back", arguments: [1, 5, 17, 99, 256])
  func savedTensors(count: Int) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "m").plainPath
      for name in ["w", "weight", String(repeating: "long", count: count)] {
        try Safetensors.write([name: Tensor<Float>.zeros([count, count])], to: path)
        #expect(try openTensorArchive(path).shape(of: name) == [count, count])
      }
    }
  }

  private static let fixtures: [(String, ArchiveFormat)] = [
    ("types.safetensors", .safetensors), ("zip.pth", .pyTorchArchive), ("single.pth", .pyTorchArchive),
    ("nested_2.pth", .pyTorchArchive), ("nested_4.pth", .pyTorchArchive), ("nested_5.pth", .pyTorchArchive),
    ("legacy.pth", .pyTorchStream), ("nested_legacy_4.pth", .pyTorchStream), ("types.npz", .numPyArchive),
    ("none.npz", .numPyArchive), ("compressed.npz", .numPyArchive), ("version_1.npy", .numPyArray),
    ("version_2.npy", .numPyArray), ("version_3.npy", .numPyArray), ("fortran.npy", .numPyArray),
  ]

  @Test("each container is told by its bytes under every name", arguments: fixtures)
  func containers(name: String, format: ArchiveFormat) throws {
    let bytes = try SerializationFixtures.bytes(name)
    try SerializationFixtures.withTemporaryFolder { folder in
      for other in Self.names {
        let url = folder.appending(path: other)
        try Data(bytes).write(to: url)
        #expect(ArchiveFormat(of: try MappedFile(path: url.plainPath)) == format, "\(other)")
        if name != "compressed.npz" {
          let original = try openTensorArchive(SerializationFixtures.path(name)).names
          #expect(try openTensorArchive(url.plainPath).names == original, "\(other)")
        }
      }
    }
  }

  @Test(
    "archives of arrays in all versions are NumPy's, with 32 and 64 bits", arguments: 1...3, [false, true])
  func archivesOfVersions(version: Int, usesZip64: Bool) throws {
    let array = try SerializationFixtures.bytes("version_\(version).npy")
    let archive = ZipWriter(entries: [("x.npy", array), ("data.pkl.npy", array)], usesZip64: usesZip64)
    try SerializationFixtures.withTemporaryFolder { folder in
      for name in Self.names {
        let url = folder.appending(path: name)
        try Data(archive.bytes()).write(to: url)
        let file = try openTensorArchive(url.plainPath)
        #expect(file is NumPyFile)
        #expect(try file.tensor("x", as: Float.self).scalars == SerializationFixtures.sample(6))
      }
    }
  }

  @Test("whose a zip archive is does not depend on which entry comes first")
  func orderOfEntries() {
    func format(_ names: [String]) -> ArchiveFormat? {
      let archive = ZipWriter(entries: names.map { ($0, [65]) })
      return ArchiveFormat(of: MappedFile(copying: archive.bytes(), name: "x"))
    }
    #expect(format(["notes.txt", "x.npy"]) == .numPyArchive)
    #expect(format(["model/extra/labels.npy", "model/data.pkl", "model/version"]) == .pyTorchArchive)
    #expect(format(["model/byteorder", "model/data/0", "model/data.pkl"]) == .pyTorchArchive)
    #expect(format(["word/document.xml"]) == nil)
  }

  @Test(
    "what is packed as a whole is told to be",
    arguments: [[0x1f, 0x8b, 8], [0x78, 0x9c, 0x4b]] as [[UInt8]])
  func packedAsAWhole(bytes: [UInt8]) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "arrays").plainPath
      try Data(bytes).write(to: URL(filePath: path))
      let error = SerializationFixtures.error { _ = try openTensorArchive(path) }
      #expect(error?.remedy?.contains("packed by") == true, "\(String(describing: error))")
    }
  }

  @Test("what torch.save left when it ended with an error is told to be that")
  func brokenOff() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "model.pth").plainPath
      let names = ["model/version", "model/byteorder", "model/.data/serialization_id"]
      try Data(ZipWriter(entries: names.map { ($0, [65]) }).bytes()).write(to: URL(filePath: path))
      let error = SerializationFixtures.error { _ = try openTensorArchive(path) }
      #expect(error?.description.contains("without the data.pkl") == true, "\(String(describing: error))")
    }
  }

  @Test("an archive whose directory is lost is whose its first entry is")
  func lostDirectory() {
    let array = ZipWriter(entries: [("x.npy", [65])]).bytes()
    let pickle = ZipWriter(entries: [("a/data.pkl", [65])]).bytes()
    for (bytes, format) in [(array, ArchiveFormat.numPyArchive), (pickle, .pyTorchArchive)] {
      #expect(ArchiveFormat(of: MappedFile(copying: bytes.prefix(45), name: "x")) == format)
    }
  }

  @Test(
    "what is no file of tensors is named where its bytes tell",
    arguments: [
      ("version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
      ("<!doctype html>", "a web page"),
      ("\u{1}HDF\r\n", "HDF5"), ("GGUF\u{3}", "GGUF"),
      (String(repeating: " ", count: 257) + "ustar", "a tar archive"),
      ("{\"a\": 1}{", "the index of a model in parts"), ("\u{0}\u{0}\u{0}\u{0}", "is it the file itself"),
      ("MATLAB 5.0 MAT-file", "MATLAB"), ("\u{1f}\u{1}", "is it the file itself"),
    ])
  func strangers(text: String, words: String) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "x.safetensors").plainPath
      try Data(text.utf8).write(to: URL(filePath: path))
      let error = SerializationFixtures.error { _ = try openTensorArchive(path) }
      #expect(error?.description.contains("neither safetensors nor PyTorch's nor NumPy's") == true)
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }
}
