import TestSupport
import Testing

@testable import StyleTransfer

/// Pictures that are made smaller while they are read.
@Suite("Reading of large pictures")
struct ReducedReadingTests {
  static func limits(_ side: Int) -> ReadingLimits {
    var limits = ReadingLimits(longestSide: side)
    limits.wholePixels = 0
    return limits
  }

  /// The means of blocks of `factor` × `factor` pixels.
  private func means(_ picture: Picture, _ factor: Int) -> [Float] {
    let (width, height) = (picture.width / factor, picture.height / factor)
    return (0..<3 * width * height).map { index in
      let (plane, y, x) = (index / (width * height), index / width % height, index % width)
      var sum: Float = 0
      for row in y * factor..<(y + 1) * factor {
        for column in x * factor..<(x + 1) * factor {
          sum += picture.colour[(plane * picture.height + row) * picture.width + column]
        }
      }
      return sum / Float(factor * factor)
    }
  }

  @Test("a size that divides the picture's is the mean of its blocks", arguments: [3, 5])
  func blocks(factor: Int) throws {
    let picture = Picture.random(width: 60, height: 45, maximum: 255, hasAlpha: false, seed: 1)
    // Four pixels are kept for one that is needed.
    let read = try Picture(
      decoding: picture.encoded(as: .png), path: "a.png", limits: Self.limits(60 / factor / 4))
    #expect([read.width, read.height] == [60 / factor, 45 / factor])
    #expect(zip(read.colour, means(picture, factor)).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(read.fullSize?.width == 60 && read.fullSize?.height == 45)
    #expect(read.sizeWhen(longestSide: 7) == picture.sizeWhen(longestSide: 7))
  }

  @Test("interlaced rows, alpha and turning give the same as a whole picture that is turned")
  func variants() throws {
    let file = try PictureFixtures.bytes("rgb16_alpha.png")
    let plain = try Picture(decoding: file, path: "plain", limits: Self.limits(1))
    #expect(plain.width == 4 && plain.alpha != nil)
    let interlaced = try Picture(
      decoding: PictureFixtures.bytes("rgb16_alpha_interlaced.png"), path: "i", limits: Self.limits(1))
    #expect(zip(plain.colour, interlaced.colour).allSatisfy { abs($0 - $1) < 1e-5 })
    let chunk = PNGAssembly.chunk("eXIf", OrientationTests.exif(6, isLittle: true))
    let turned = try Picture(
      decoding: PNGAssembly.inserting(chunk, before: "IDAT", in: file), path: "t", limits: Self.limits(1))
    let expected = OrientationTests.turned(plain, .rightTop)
    #expect(turned == expected)
  }

  @Test("colours count by their alpha, so that hidden ones do not show")
  func hiddenColours() throws {
    let picture = Picture(
      width: 16, height: 16, colour: (0..<768).map { $0 % 2 == 0 ? 1 : 0 },
      alpha: (0..<256).map { $0 % 2 == 0 ? 1 : 0 })
    let read = try Picture(decoding: picture.encoded(as: .png), path: "h.png", limits: Self.limits(1))
    #expect(read.colour.allSatisfy { abs($0 - 1) < 1e-4 })
    #expect(read.alpha?.allSatisfy { abs($0 - 0.5) < 1e-4 } == true)
  }

  @Test(
    "a sample that is 0 everywhere, and may be alpha or not, hides nothing",
    .enabled(if: OptionalLibrary.tiff.isThere, "libtiff is not installed"))
  func clearEverywhere() throws {
    let folder = FormatTests.folder
    let read = try Picture(contentsOf: "\(folder)/clear_unspecified.tif", limits: Self.limits(1))
    let plain = try Picture(contentsOf: "\(folder)/rgb8.tif", limits: Self.limits(1))
    #expect(read.width == 4)
    #expect(read == plain)
  }

  @Test("so it is in a bitmap")
  func clearBitmap() throws {
    let folder = FormatTests.folder
    let read = try Picture(contentsOf: "\(folder)/clear_everywhere.bmp", limits: Self.limits(1))
    #expect(try read == Picture(contentsOf: "\(folder)/rgb32.bmp", limits: Self.limits(1)))
    #expect(read.width == 4 && read.alpha == nil)
  }

  @Test(
    "scaled on, a photograph looks as if it had been read whole",
    arguments: ["castle", "kitten", "astronaut"], [24, 60])
  func photographs(name: String, side: Int) throws {
    let path = PictureFixtures.folder + "/../../../Examples/Images/\(name).jpg"
    let whole = try Picture(contentsOf: path).resized(longestSide: side)
    let reduced = try Picture(contentsOf: path, limits: Self.limits(side))
    #expect(max(reduced.width, reduced.height) == 4 * side)
    let scaled = reduced.resized(longestSide: side)
    #expect(scaled.width == whole.width && scaled.height == whole.height)
    let differences = zip(scaled.colour, whole.colour).map { abs($0 - $1) }
    // The mean over areas that are a quarter of a pixel wide takes a little off the finest detail.
    #expect(differences.max()! < 8.0 / 255, "\(differences.max()! * 255)")
    #expect(differences.reduce(0, +) / Float(differences.count) < 1.0 / 255)
  }

  @Test("small pictures, and those of which more is needed, are kept whole")
  func keptWhole() throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let whole = try Picture(decoding: file, path: "a")
    #expect(try Picture(decoding: file, path: "a", limits: ReadingLimits(longestSide: 1)) == whole)
    #expect(try Picture(decoding: file, path: "a", limits: Self.limits(4)) == whole)
    #expect(whole.fullSize == nil)
  }

  @Test("the limit of pixels can be moved, and the error says what it is")
  func limits() throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let error = pictureError {
      _ = try Picture(decoding: file, path: "a", limits: ReadingLimits(pixels: 100))
    }
    #expect(error == .tooLarge(path: "a", width: 13, height: 9, limit: 100))
    #expect(
      error?.description.contains("100") == true && error?.description.contains("--pixel-limit") == true)
    #expect(try Picture(decoding: file, path: "a", limits: ReadingLimits(pixels: 117)).width == 13)
  }
}
