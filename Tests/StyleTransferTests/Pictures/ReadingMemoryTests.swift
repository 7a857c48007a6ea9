import NN
import TestSupport
import Testing

@testable import StyleTransfer

/// What pictures take while they are read.
@Suite("Memory of reading")
struct ReadingMemoryTests {
  /// Files that are decoded all at once, with the bytes for each pixel that libraries are known to take at least.
  static let whole: [(name: String, bytes: Double, library: OptionalLibrary?)] = [
    ("formats/lossless.webp", 4, .webP), ("formats/lossless.avif", 3, .heif),
    ("formats/plain.heic", 3, .heif),
    ("formats/lossless.jxl", 12, .jpegXL), ("formats/rle8.bmp", 1, nil), ("formats/plain.gif", 1, nil),
    ("images/jpeg_progressive.jpg", 3, nil),
  ]
  static var there: [String] {
    whole.filter { $0.library?.isThere ?? true }.map(\.name)
  }

  private func read(_ name: String, memory: Double? = nil) throws -> Picture {
    try Picture(
      contentsOf: "\(FormatTests.folder)/../\(name)",
      limits: ReadingLimits(memory: memory.map { ByteCount($0) }))
  }

  @Test("a file that is decoded all at once takes more than its planes", arguments: there)
  func decodedAtOnce(name: String) throws {
    let picture = try read(name)
    let pixels = Double(picture.width * picture.height)
    let planes = pixels * (picture.alpha == nil ? 12 : 16)
    let least = try #require(Self.whole.first { $0.name == name }?.bytes)
    #expect(picture.readingMemory.bytes >= planes + least * pixels)
  }

  @Test("rows that come one by one take hardly more than the planes")
  func decodedByRows() throws {
    for name in [
      "images/rgb16_interlaced.png", "images/jpeg_420.jpg", "formats/rgb24.bmp", "formats/raw.ppm",
    ] {
      let picture = try read(name)
      #expect(picture.readingMemory.bytes == Double(12 * picture.width * picture.height), "\(name)")
    }
  }

  @Test("where there is less, it is an error before anything is decoded", arguments: there)
  func tooLittle(name: String) throws {
    let picture = try read(name)
    let needed = picture.readingMemory.bytes
    #expect(try read(name, memory: needed) == picture)
    let error = pictureError { _ = try read(name, memory: needed - 1) }
    guard case .tooLittleMemory(_, _, let width, let height, ByteCount(needed), let allowed, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((width, height) == (picture.width, picture.height))
    #expect(allowed.hasPrefix("--memory-limit allows "))
    #expect(error?.kind == .badData)
  }

  @Test("the remedy for a file that is decoded all at once is one that is read by rows")
  func remedies() throws {
    let wide = Picture.random(width: 64, height: 64, maximum: 255, hasAlpha: false, seed: 1)
    func sentence(_ bytes: [UInt8]) -> String {
      var limits = ReducedReadingTests.limits(1)
      limits.memory = ByteCount(1000)
      return pictureError { _ = try Picture(decoding: bytes, path: "a", limits: limits) }?.description ?? ""
    }
    // Made smaller as it comes, a PNG needs 4 × 4 pixels.
    #expect(try sentence(wide.encoded(as: .png)).isEmpty)
    let progressive = try PictureFixtures.bytes("jpeg_progressive.jpg")
    #expect(sentence(progressive).contains("save it as PNG, which is read row by row"))
    let error = pictureError {
      _ = try Picture(decoding: wide.encoded(as: .png), path: "a", limits: .init(memory: ByteCount(1000)))
    }
    #expect(error?.description.contains("scale it down first") == true)
  }

  @Test("a plan says when reading takes more than painting")
  func plan() throws {
    var stages = Cost(
      stages: [], memory: [.init(name: "the features", bytes: 100e6)], mayEndEarly: false, strips: [])
    #expect(
      stages.peakMemory == 100e6
        && stages.description.contains("peak memory: about 100 MB; most of it the features"))
    stages.readingMemory = ByteCount(99e6)
    #expect(stages.peakMemory == 100e6)
    stages.readingMemory = ByteCount(300e6)
    #expect(stages.peakMemory == 300e6)
    #expect(
      stages.description.contains(
        "peak memory: about 300 MB, while pictures are read; after that about 100 MB; most of it the features"
      ))
  }

  @Test("of several pictures the others are there while one is decoded")
  func several() throws {
    let (content, style) = (try read("images/jpeg_progressive.jpg"), try read("images/rgb8.png"))
    var recipe = Recipe.transfer(content: content, styles: [style])
    let decoding = content.readingMemory.bytes - Double(12 * content.width * content.height)
    let planes = Double(12 * (content.width * content.height + style.width * style.height))
    #expect(recipe.readingMemory.bytes == MemoryPlan.programBytes + planes + decoding)
    recipe.content?.picture = .picture(style)
    #expect(
      recipe.readingMemory.bytes == MemoryPlan.programBytes + Double(2 * 12 * style.width * style.height))
  }
}
