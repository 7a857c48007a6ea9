import Foundation
import ImpastoPlatform
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: writing")
struct PictureWritingTests {
  @Test("a PNG gives back its levels exactly", arguments: PictureEncoding.BitDepth.allCases, [false, true])
  func roundTripPNG(depth: PictureEncoding.BitDepth, hasAlpha: Bool) throws {
    let maximum = 1 << depth.rawValue - 1
    let picture = Picture.random(width: 33, height: 21, maximum: maximum, hasAlpha: hasAlpha, seed: 11)
    let file = try picture.encoded(as: .png, PictureEncoding(bitDepth: depth))
    #expect(Int(file[24]) == depth.rawValue)
    #expect(try Picture(decoding: file, path: "round.png") == picture)
  }

  @Test("every 16-bit level survives")
  func allLevels() throws {
    let levels = (0...65535).map { Float($0) / 65535 }
    let picture = Picture(width: 256, height: 256, colour: levels + levels.reversed() + levels)
    let file = try picture.encoded(as: .png, PictureEncoding(bitDepth: .sixteen))
    #expect(try Picture(decoding: file, path: "levels.png") == picture)
  }

  @Test("values are rounded to the nearest level and clamped; NaN becomes 0")
  func rounding() throws {
    let values: [Float] = [
      0.49 / 255, 0.51 / 255, 254.49 / 255, 254.51 / 255, -3, 7, .nan, .infinity, -.infinity,
    ]
    let levels: [Float] = [0, 1, 254, 255, 0, 255, 0, 255, 0]
    let picture = Picture(width: 9, height: 1, colour: values + values + values)
    let back = try Picture(decoding: picture.encoded(as: .png), path: "round.png")
    #expect(back.colour == (levels + levels + levels).map { $0 / 255 })
  }

  /// A smooth picture: its JPEG error is that of the quantisation alone.
  static let slopes: Picture = {
    let (width, height) = (40, 30)
    var colour: [Float] = []
    for slope in [(1, 0), (0, 1), (1, 1)] {
      for y in 0..<height {
        for x in 0..<width { colour.append(Float(slope.0 * x + slope.1 * y) / Float(width + height)) }
      }
    }
    return Picture(width: width, height: height, colour: colour)
  }()

  @Test("a JPEG of quality 100 is close to the picture, and a low quality is a smaller file")
  func roundTripJPEG() throws {
    let best = try Self.slopes.encoded(as: .jpeg, PictureEncoding(quality: 100))
    let back = try Picture(decoding: best, path: "best.jpg")
    let worst = zip(back.colour, Self.slopes.colour).map { abs($0 - $1) }.max()!
    // Y, Cb, Cr and their 64 coefficients a block are rounded to integers: a few levels at worst, where the
    // coarsest slip (chroma at half resolution, a swapped plane) costs tens.
    #expect(worst <= 6.0 / 255)
    let coarse = try Self.slopes.encoded(as: .jpeg, PictureEncoding(quality: 10))
    // Both carry the same profile.
    let profile = ICCProfile.sRGB.count
    #expect(coarse.count - profile < (best.count - profile) / 2)
  }

  @Test("a JPEG keeps its colours at full resolution: 4:4:4")
  func chromaSampling() throws {
    let file = try Self.slopes.encoded(as: .jpeg)
    let frame = JPEGAssembly.segments(file).first { $0.marker == 0xC0 }!.range.lowerBound
    #expect([file[frame + 11], file[frame + 14], file[frame + 17]] == [0x11, 0x11, 0x11])
  }

  @Test("a JPEG shows a transparent picture over white")
  func jpegOverWhite() throws {
    let picture = Picture(
      width: 16, height: 8, colour: [Float](repeating: 0, count: 384),
      alpha: (0..<128).map { $0 % 16 < 8 ? 0 : 1 })
    let back = try Picture(decoding: picture.encoded(as: .jpeg), path: "white.jpg")
    #expect(back.alpha == nil)
    for (value, index) in zip(back.colour, 0...) {
      #expect(abs(value - (index % 16 < 8 ? 1 : 0)) <= 2.0 / 255)
    }
  }

  @Test("the ending chooses the kind, in any case")
  func endings() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      for (name, format) in [
        ("a.png", PictureFormat.png), ("b.PNG", .png), ("c.jpg", .jpeg), ("d.JPEG", .jpeg),
        ("e.x.Jpg", .jpeg),
      ] {
        try Self.slopes.write(to: folder + "/" + name)
        #expect(try PictureFormat(magicOf: FileBytes.read(folder + "/" + name)) == format)
      }
      for name in ["f.gif", "png", "g.", "h", ".png/i"] {
        let path = folder + "/" + name
        let error = pictureError { try Self.slopes.write(to: path) }
        #expect(error == .unknownEnding(path: path))
        #expect(error?.kind == .cannotWrite)
        #expect(error?.description.contains(".png, .jpg, .jpeg, .webp, .tif, .tiff, .avif or .jxl") == true)
        #expect(pictureError { try Picture.checkWritable(path) } == .unknownEnding(path: path))
      }
    }
  }

  @Test("a picture that a JPEG cannot hold is an error, and the file that was there stays")
  func tooWideForJPEG() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      let path = folder + "/wide.jpg"
      try AtomicFile.write([1, 2, 3], to: path)
      let wide = Picture(width: 65_501, height: 1, colour: [Float](repeating: 0.5, count: 3 * 65_501))
      let error = pictureError { try wide.write(to: path) }
      #expect(error?.kind == .cannotWrite)
      #expect(error?.description.contains("65501×1") == true)
      #expect(try FileBytes.read(path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["wide.jpg"])
      #expect(try Picture(decoding: wide.encoded(as: .png), path: "wide.png").width == 65_501)
    }
  }
}
