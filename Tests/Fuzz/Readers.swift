// What libFuzzer calls, over and over, with bytes that nobody wrote: each reader of files either refuses them or gives
// something that hangs together. Scripts/fuzz.sh builds it; IMPASTO_READER names the reader.
import Foundation
import StyleTransfer
import Tensor

/// A reader of files, and how far what it has read is looked at.
enum Reader: String, CaseIterable {
  case png, jpeg, webp, tiff, heif, jxl, gif, bmp, netpbm, safetensors, pytorch, numpy, settings

  static let chosen: Reader = {
    let name = ProcessInfo.processInfo.environment["IMPASTO_READER"] ?? ""
    guard let reader = Reader(rawValue: name) else {
      fatalError("IMPASTO_READER is '\(name)', not one of \(allCases.map(\.rawValue))")
    }
    return reader
  }()

  /// The largest picture or tensor that is read to its end: what is larger takes time and shows nothing new.
  private static let largest = 1 << 18

  func read(_ bytes: [UInt8]) {
    do {
      switch self {
      case .png: try picture(Repair.png(bytes))
      case .jpeg, .webp, .tiff, .heif, .jxl, .gif, .bmp, .netpbm: try picture(bytes)
      case .safetensors: try tensors(SafetensorsFile(bytes: bytes))
      case .pytorch: try tensors(PyTorchFile(bytes: Repair.zip(bytes)))
      case .numpy:
        // Pickles of arrays are NumPy's too.
        if bytes.first == 0x80 { try tensors(NumPyPickleFile(bytes: bytes)) }
        try tensors(NumPyFile(bytes: Repair.zip(bytes)))
      case .settings: try settings(bytes)
      }
    } catch {
      // A refusal says why.
      precondition(!"\(error)".isEmpty)
    }
  }

  private func picture(_ bytes: [UInt8]) throws {
    guard Repair.declaredPixels(bytes) <= Self.largest else { return }
    let picture = try Picture(decoding: bytes, path: "bytes")
    precondition(picture.colour.allSatisfy { 0...1 ~= $0 })
    precondition(picture.alpha?.allSatisfy { 0...1 ~= $0 } ?? true)
  }

  private func tensors(_ archive: some TensorArchive) throws {
    precondition(Set(archive.names).count == archive.names.count)
    for name in archive.names {
      // One entry may be refused and the next one not.
      _ = try? contents(name, of: archive)
    }
    for (name, what) in archive.otherContents { precondition(!name.isEmpty || !what.isEmpty) }
  }

  private func contents(_ name: String, of archive: some TensorArchive) throws {
    let shape = try archive.shape(of: name)
    _ = try archive.scalarType(of: name)
    var count = 1
    for length in shape {
      let product = count.multipliedReportingOverflow(by: length)
      guard !product.overflow, product.partialValue <= Self.largest else { return }
      count = product.partialValue
    }
    let tensor: Tensor<Double> = try archive.tensor(name)
    precondition(tensor.shape == shape && tensor.scalars.count == count)
    _ = try? archive.integers(name)
  }

  private func settings(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try? LayerList(parsing: text)
    _ = try? ScaleList(parsing: text)
    let recipe = try JSONDecoder().decode(Recipe.self, from: Data(bytes))
    // What is kept in a picture must lead to the same picture.
    let again = try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe))
    precondition(again == recipe)
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Reader.chosen.read(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
