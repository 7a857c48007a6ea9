import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

/// The pictures of Tests/Fixtures/colours, as LittleCMS and Chromium show them.
@Suite("Colours of files")
struct FileColourTests {
  struct Reference: Decodable, Sendable {
    /// In 0…1.
    let lcms: [Double]?
    /// Whole levels.
    let chromium: [Double]?
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/colours").standardized.path

  static let references: [String: Reference] = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    guard let references = try? JSONDecoder().decode([String: Reference].self, from: data) else {
      fatalError("run Tests/Fixtures/colours/generate.py")
    }
    return references
  }()

  /// Those that take LittleCMS.
  static let tables = ["cmyk.jpg", "grey_lightness.png", "rgb_table.png"]
  static let names = named(".png", ".jpg").filter { !tables.contains($0) }

  static func named(_ endings: String...) -> [String] {
    references.keys.filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
  }

  static func check(_ name: String) throws {
    let reference = try #require(references[name])
    let picture = try Picture(contentsOf: "\(folder)/\(name)")
    func worst(_ expected: [Double]) -> Double {
      #expect(expected.count == picture.colour.count)
      return zip(picture.colour, expected).map { abs(Double($0) * 255 - $1) }.max() ?? .infinity
    }
    #expect(reference.lcms != nil || reference.chromium != nil)
    // LittleCMS's numbers are exact; half a level is what both round.
    if let lcms = reference.lcms { #expect(worst(lcms.map { $0 * 255 }) <= 0.5, "LittleCMS") }
    if let chromium = reference.chromium { #expect(worst(chromium) <= 1, "Chromium") }
  }

  @Test("colours are those that LittleCMS and Chromium make of them", arguments: names)
  func matchesOthers(name: String) throws { try Self.check(name) }

  @Test(
    "colours of AVIF and HEIC",
    .enabled(if: OptionalLibrary.heif.isThere, "libheif is not installed"),
    arguments: named(".avif", ".heic"))
  func matchesInVideo(name: String) throws { try Self.check(name) }

  @Test(
    "colours of JPEG XL, inks among them",
    .enabled(
      if: OptionalLibrary.jpegXL.isThere && OptionalLibrary.littleCMS.isThere,
      "libjxl or liblcms2 is not installed"), arguments: named(".jxl"))
  func matchesInJXL(name: String) throws { try Self.check(name) }

  @Test(
    "profiles with tables are LittleCMS's work",
    .enabled(if: OptionalLibrary.littleCMS.isThere, "liblcms2 is not installed"), arguments: tables)
  func matchesTables(name: String) throws { try Self.check(name) }

  @Test(
    "without LittleCMS a profile with tables is an error that says what to install; others are read as with it"
  )
  func withoutLittleCMS() throws {
    try OptionalLibrary.$hidden.withValue([.littleCMS]) {
      for name in Self.tables {
        let error = pictureError { _ = try Picture(contentsOf: "\(Self.folder)/\(name)") }
        #expect(error?.kind == .missingInput)
        #expect(
          error?.description.contains("LittleCMS") == true && error?.description.contains("install") == true)
      }
      try Self.check("p3.png")
    }
  }

  @Test(
    "what has no effect leaves the numbers as they are", arguments: ["srgb.png", "chromaticities_alone.png"])
  func keepsSRGB(name: String) throws {
    let picture = try Picture(contentsOf: "\(Self.folder)/\(name)")
    #expect(picture.colour.allSatisfy { ($0 * 255).rounded() / 255 == $0 })
    #expect(picture.colours == nil)
  }

  @Test("a picture says that it is sRGB, and comes back as it was", arguments: PictureFixtures.writable)
  func saysSRGB(format: PictureFormat) throws {
    let picture = Picture.random(width: 9, height: 7, maximum: 255, hasAlpha: false, seed: 3)
    let file = try picture.encoded(as: format)
    let back = try Picture(decoding: file, path: "srgb")
    #expect(back.colours == nil)
    switch format {
    case .png: #expect(PNGChunks(file).contains { $0.kind == "sRGB" && Array($0.data) == [0] })
    case .jpeg: #expect(JPEGSegments.profile(in: file) == ICCProfile.sRGB)
    case .webP: #expect(WebPFile(file)?.chunk("ICCP").map(Array.init) == ICCProfile.sRGB)
    default: #expect(back.width == 9)
    }
    guard format != .jpeg && format != .avif else { return }
    #expect(back.colour.map { ($0 * 255).rounded() } == picture.colour.map { ($0 * 255).rounded() })
  }

  @Test(
    "colours that are kept are written with their profile, and mean the same",
    arguments: ["p3.png", "adobe.jpg", "prophoto16.png", "gamma_p3.png", "cicp_p3.png", "lifted_black.png"],
    PictureFixtures.writable)
  func keepsProfile(name: String, format: PictureFormat) throws {
    let picture = try Picture(contentsOf: "\(Self.folder)/\(name)")
    let colours = try #require(picture.colours)
    var encoding = PictureEncoding(bitDepth: .sixteen, quality: 100)
    encoding.colours = colours
    let file = try picture.encoded(as: format, encoding)
    let back = try Picture(decoding: file, path: "kept")
    // libjxl writes a profile that it knows anew.
    #expect(format == .jpegXL ? back.colours != nil : back.colours?.profile == colours.profile)
    let worst = zip(back.colour, picture.colour).map { abs($0 - $1) }.max()!
    // Sixteen bits lose little even of steep curves. Of eight, and where coding loses more, dark levels can be many of
    // sRGB's apart, so that the mean counts.
    let mean =
      zip(back.colour, picture.colour).map { abs($0 - $1) }.reduce(0, +) / Float(picture.colour.count)
    #expect(format.holdsSixteenBits ? worst <= 0.5 / 255 : mean <= 2.0 / 255, "\(worst * 255), \(mean * 255)")
  }

  @Test("grey and inks are no colours that a picture can be put back into")
  func noWayBack() throws {
    let grey = try Picture(contentsOf: "\(Self.folder)/grey_dot_gain.jpg")
    #expect(try ColourConversion.fromSRGB(#require(grey.colours)) == nil)
  }

  @Test("profiles of ours are read as the spaces that they were made of")
  func ownProfiles() throws {
    let space = try #require(RGBColourSpace(primaries: 12, transfer: 8))
    let profile = try #require(ICCProfile(ICCProfile.encoded(space, name: "linear")))
    guard case .rgb(let read) = profile.model else {
      Issue.record("\(profile.model)")
      return
    }
    let worst = zip(read.toXYZ.rows.joined(), space.toXYZ.rows.joined()).map { abs($0 - $1) }.max()!
    // Fractions of 2⁻¹⁶ are what a profile holds.
    #expect(worst <= 0.5001 / 65536)
    #expect(read.curves.allSatisfy { curve in [0, 0.2, 1].allSatisfy { abs(curve($0) - $0) < 1e-9 } })
  }

  @Test("a damaged profile is passed over, and never more than an error")
  func damagedProfiles() throws {
    let bytes = ICCProfile.sRGB
    var generator = SplitMix64(state: 4)
    var understood = 0
    for _ in 0..<2000 {
      guard let profile = ICCProfile(PictureFuzzTests.mutated(bytes, using: &generator)) else { continue }
      understood += 1
      if case .rgb(let space) = profile.model { #expect(space.curves.count == 3) }
    }
    #expect(0 < understood && understood < 2000)
  }
}
