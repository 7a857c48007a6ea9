import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: any bytes are a picture or an error")
struct PictureFuzzTests {
  static let mutationsOfEach = 3000
  static let mutationsOfColours = 300

  /// One to four changes: a byte set or flipped, a piece removed, doubled or overwritten, the end cut off.
  static func mutated(_ bytes: [UInt8], using generator: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where bytes.count > 16 {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      let length = Int.random(in: 1...16, using: &generator)
      let piece = at..<min(at + length, bytes.count)
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
      case 1, 2: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 3: bytes.removeSubrange(piece)
      case 4: bytes.insert(contentsOf: bytes[piece], at: at)
      case 5:
        bytes.replaceSubrange(piece, with: piece.map { _ in UInt8.random(in: 0...255, using: &generator) })
      default: bytes.removeSubrange(max(at, 16)...)
      }
    }
    return bytes
  }

  static func tryReading(_ bytes: [UInt8]) -> Bool {
    do {
      _ = try Picture.settings(in: bytes, path: "fuzz")
      let picture = try Picture(decoding: bytes, path: "fuzz")
      #expect(picture.colour.allSatisfy { 0...1 ~= $0 })
      return true
    } catch let error as PictureError {
      // Damage may make of a profile one that the library of profiles is needed for.
      let isMissing = error.kind == .missingInput && !OptionalLibrary.littleCMS.isThere
      #expect(error.kind == .badData || isMissing)
      return false
    } catch {
      Issue.record("\(error)")
      return false
    }
  }

  @Test(
    "mutated PNGs, half of them with their checksums mended",
    arguments: ["rgb8_interlaced", "palette2_alpha", "grey16_key", "rgb16_alpha"])
  func mutatedPNG(name: String) throws {
    let file = PNGAssembly.inserting(
      PNGAssembly.chunk("iTXt", Array("impasto\0\0\0\0\0{}".utf8)), before: "IDAT",
      in: try PictureFixtures.bytes(name + ".png"))
    var generator = SplitMix64(state: 1)
    var pictures = 0
    for round in 0..<Self.mutationsOfEach {
      let bytes = Self.mutated(file, using: &generator)
      if Self.tryReading(round % 2 == 0 ? bytes : PNGAssembly.mended(bytes)) { pictures += 1 }
    }
    #expect(0 < pictures && pictures < Self.mutationsOfEach)
  }

  @Test("mutated JPEGs", arguments: ["jpeg_420", "jpeg_progressive", "jpeg_restarts", "jpeg_cmyk"])
  func mutatedJPEG(name: String) throws {
    let exif = JPEGAssembly.segment(0xE1, Array("Exif\0\0".utf8) + OrientationTests.exif(6, isLittle: true))
    let comment = JPEGAssembly.segment(0xFE, Array("{\"a\":1}".utf8))
    let file = JPEGAssembly.inserting(exif + comment, in: try PictureFixtures.bytes(name + ".jpg"))
    var generator = SplitMix64(state: 2)
    var pictures = 0
    for _ in 0..<Self.mutationsOfEach where Self.tryReading(Self.mutated(file, using: &generator)) {
      pictures += 1
    }
    #expect(0 < pictures && pictures < Self.mutationsOfEach)
  }

  /// One of each way to decode, where its library is there.
  static let others = [
    "lossless.webp", "lossy.webp", "animated.webp", "rgb8_lzw.tif", "rgb16_planes.tif", "rgb8_many_tiles.tif",
    "jpeg.tif",
    "float16.tif", "palette8.tif", "alpha.heic", "irot1.avif", "alpha.jxl", "lossy.jxl", "interlaced.gif",
    "pillow.gif",
    "rle8.bmp", "rle4.bmp", "alpha.bmp", "palette4.bmp", "plain.ppm", "raw16.ppm", "rgb_alpha.pam",
    "little.pfm",
  ].filter { name in
    let format = (try? FormatTests.bytes(name)).flatMap(PictureFormat.init(magicOf:))
    return format?.library?.isThere ?? true
  }

  @Test("mutated files of the other kinds", arguments: others)
  func mutatedOther(name: String) throws {
    let file = try FormatTests.bytes(name)
    var generator = SplitMix64(state: 3)
    var pictures = 0
    // Decoders of video take milliseconds for each.
    let rounds = name.hasSuffix(".heic") || name.hasSuffix(".avif") ? 300 : 1000
    for _ in 0..<rounds where Self.tryReading(Self.mutated(file, using: &generator)) { pictures += 1 }
    #expect(pictures < rounds)
  }

  @Test("a mutated picture with a colour profile")
  func mutatedColours() throws { try Self.mutateColours("p3.png") }

  @Test(
    "mutated pictures whose colour profiles have tables",
    .enabled(if: OptionalLibrary.littleCMS.isThere, "liblcms2 is not installed"),
    arguments: FileColourTests.tables)
  func mutatedTables(name: String) throws { try Self.mutateColours(name) }

  private static func mutateColours(_ name: String) throws {
    let file = try FileBytes.read("\(FileColourTests.folder)/\(name)")
    var generator = SplitMix64(state: 5)
    var pictures = 0
    for round in 0..<mutationsOfColours {
      let bytes = mutated(file, using: &generator)
      let isMended = round % 2 == 1 && name.hasSuffix(".png")
      if tryReading(isMended ? PNGAssembly.mended(bytes) : bytes) { pictures += 1 }
    }
    #expect(0 < pictures && pictures < mutationsOfColours)
  }
}
