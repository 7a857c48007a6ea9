import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

/// The pictures of Tests/Fixtures/formats and what generate.py knows of them.
@Suite("Formats")
struct FormatTests {
  struct Expected: Decodable, Sendable {
    let width: Int
    let height: Int
    let maximum: Float
    /// In levels.
    let tolerance: Float
    let colour: [Float]
    let alpha: [Float]?
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/formats").standardized.path

  static let expected: [String: Expected] = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    guard let expected = try? JSONDecoder().decode([String: Expected].self, from: data) else {
      fatalError("run Tests/Fixtures/formats/generate.py")
    }
    return expected
  }()

  static func names(_ endings: String...) -> [String] {
    expected.keys.filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
  }

  static func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read("\(folder)/\(name)") }

  private func check(_ name: String) throws {
    let expected = try #require(Self.expected[name])
    let picture = try Picture(contentsOf: "\(Self.folder)/\(name)")
    #expect(picture.width == expected.width && picture.height == expected.height)
    func worst(_ values: [Float], _ levels: [Float]) -> Float {
      #expect(values.count == levels.count)
      return zip(values, levels).map { abs($0 * expected.maximum - $1) }.max() ?? .infinity
    }
    // Some bits of a float are lost when levels become parts of 1.
    let rounding = expected.maximum * 1e-6
    #expect(worst(picture.colour, expected.colour) <= expected.tolerance + rounding)
    if let alpha = expected.alpha {
      #expect(worst(picture.alpha ?? [], alpha) <= rounding)
    } else {
      #expect(picture.alpha == nil)
    }
  }

  @Test("GIF, BMP and Netpbm", arguments: names(".gif", ".bmp", ".pbm", ".pgm", ".ppm", ".pam", ".pfm"))
  func readsOwn(name: String) throws { try check(name) }

  @Test(
    "WebP", .enabled(if: OptionalLibrary.webP.isThere, "libwebp is not installed"), arguments: names(".webp"))
  func readsWebP(name: String) throws { try check(name) }

  @Test(
    "TIFF", .enabled(if: OptionalLibrary.tiff.isThere, "libtiff is not installed"), arguments: names(".tif"))
  func readsTIFF(name: String) throws { try check(name) }

  @Test(
    "a bit that changes in what DEFLATE packed is found, as in a PNG",
    .enabled(if: OptionalLibrary.tiff.isThere, "libtiff is not installed"),
    arguments: ["rgb16_deflate.tif", "rgb16_planes.tif", "rgb8_tiles.tif"])
  func damagedTIFF(name: String) throws {
    let bytes = try Self.bytes(name)
    let whole = try Picture(decoding: bytes, path: name)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x78, 0x9c]) })
    var refused = 0
    for index in start..<bytes.count {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      // What lies between two strips is nobody's.
      if let picture = try? Picture(decoding: changed, path: name) {
        let isSame = picture == whole
        #expect(isSame, "byte \(index)")
      } else {
        refused += 1
      }
    }
    #expect(refused > (bytes.count - start) * 9 / 10)
  }

  @Test(
    "HEIC and AVIF", .enabled(if: OptionalLibrary.heif.isThere, "libheif is not installed"),
    arguments: names(".heic", ".avif"))
  func readsHEIF(name: String) throws { try check(name) }

  @Test(
    "grey of video's range that is put together of tiles",
    .enabled(if: OptionalLibrary.heif.isThere, "libheif is not installed"))
  func readsTilesOfGrey() throws {
    let picture = try Picture(contentsOf: "\(Self.folder)/grey_tiles.avif")
    #expect(picture.width == 128 && picture.height == 64)
    // Half a step of 219 is what coding rounds.
    for (index, value) in picture.colour.enumerated() {
      let sum = Float(index % 128 + index / 128 % 64)
      #expect(abs(value * 255 - sum) <= 0.59)
    }
  }

  @Test(
    "JPEG XL", .enabled(if: OptionalLibrary.jpegXL.isThere, "libjxl is not installed"),
    arguments: names(".jxl"))
  func readsJXL(name: String) throws { try check(name) }

  @Test("the kind is told by the bytes", arguments: expected.keys.sorted())
  func kinds(name: String) throws {
    let format = try #require(PictureFormat(magicOf: Self.bytes(name)))
    let ending = name.split(separator: ".").last.map(String.init) ?? ""
    let expected: PictureFormat =
      switch ending {
      case "webp": .webP
      case "tif": .tiff
      case "heic": .heic
      case "avif": .avif
      case "jxl": .jpegXL
      case "gif": .gif
      case "bmp": .bmp
      default: .netpbm
      }
    #expect(format == expected)
  }

  static let oneOfEach = ["lossless.webp", "rgb8.tif", "plain.heic", "lossless.avif", "lossless.jxl"]

  @Test("without its library a file is an error that names it and how to install it", arguments: oneOfEach)
  func withoutLibrary(name: String) throws {
    let format = try #require(PictureFormat(magicOf: Self.bytes(name)))
    let library = try #require(format.library)
    OptionalLibrary.$hidden.withValue([library]) {
      let error = pictureError { _ = try Picture(contentsOf: "\(Self.folder)/\(name)") }
      #expect(error?.kind == .missingInput)
      let text = error?.description ?? ""
      #expect(text.contains(name) && text.contains(library.name) && text.contains(library.installation))
      guard format.isWritten else { return }
      let path = "\(Self.folder)/none.\(name.split(separator: ".").last ?? "")"
      #expect(pictureError { try Picture.checkWritable(path) }?.kind == .cannotWrite)
      let picture = Picture(width: 1, height: 1, colour: [0, 0, 0])
      #expect(
        pictureError { _ = try picture.encoded(as: format) }?.description.contains(library.name) == true)
    }
  }

  @Test(
    "what is written without loss comes back exactly",
    arguments: PictureFixtures.writable.filter { !$0.hasQuality },
    [(PictureEncoding.BitDepth.eight, false), (.eight, true), (.sixteen, false), (.sixteen, true)])
  func roundTrip(format: PictureFormat, variant: (depth: PictureEncoding.BitDepth, hasAlpha: Bool)) throws {
    let depth = format.holdsSixteenBits ? variant.depth.rawValue : 8
    var picture = Picture.random(
      width: 33, height: 21, maximum: 1 << depth - 1, hasAlpha: variant.hasAlpha, seed: 8)
    if format == .webP, let alpha = picture.alpha {
      // What nobody sees, libwebp drops.
      let colour = picture.colour.indices.map { alpha[$0 % alpha.count] == 0 ? 0 : picture.colour[$0] }
      picture = Picture(width: 33, height: 21, colour: colour, alpha: alpha)
    }
    let file = try picture.encoded(as: format, PictureEncoding(bitDepth: variant.depth))
    #expect(PictureFormat(magicOf: file) == format)
    let back = try Picture(decoding: file, path: "round")
    let scale = Float(1 << depth - 1)
    #expect(back.alpha?.map { ($0 * scale).rounded() } == picture.alpha?.map { ($0 * scale).rounded() })
    #expect(back.colour.map { ($0 * scale).rounded() } == picture.colour.map { ($0 * scale).rounded() })
  }

  @Test(
    "an AVIF is close, and smaller at a lower quality",
    .enabled(if: OptionalLibrary.heif.isThere, "libheif is not installed"))
  func writesAVIF() throws {
    let best = try PictureWritingTests.slopes.encoded(as: .avif, PictureEncoding(quality: 100))
    let back = try Picture(decoding: best, path: "best.avif")
    let worst = zip(back.colour, PictureWritingTests.slopes.colour).map { abs($0 - $1) }.max()!
    // Chroma has the full resolution; what is left is rounding.
    #expect(worst <= 6.0 / 255, "\(worst * 255)")
    let coarse = try PictureWritingTests.slopes.encoded(as: .avif, PictureEncoding(quality: 10))
    #expect(coarse.count < best.count)
  }

  @Test(
    "a raw picture of a camera is told from a TIFF",
    .enabled(if: OptionalLibrary.tiff.isThere, "libtiff is not installed"))
  func rawPicture() throws {
    // Its first page is a preview, and beneath that are the sensor's numbers.
    let error = pictureError { _ = try Picture(contentsOf: "\(Self.folder)/preview_of_raw.tif") }
    #expect(error?.description.contains("raw picture") == true)
  }
}
