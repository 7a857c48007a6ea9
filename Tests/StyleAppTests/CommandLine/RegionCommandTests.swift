import Foundation
import StyleTransfer
import TestSupport
import Testing

/// Masks and regions as a user gives them.
@Suite("Regions on the command line", .serialized)
struct RegionCommandTests {
  private static func mask(_ size: (Int, Int), _ value: (Float) -> Float) -> Picture {
    var plane: [Float] = []
    for place in 0..<size.0 * size.1 { plane.append(value((Float(place % size.0) + 0.5) / Float(size.0))) }
    return Picture(width: size.0, height: size.1, colour: plane + plane + plane)
  }

  private static func run(_ more: [String], in folder: URL) throws -> BuiltProgram.Result {
    try Impasto.run(
      [
        "transfer", "--preset", "study", "--content", "photo.png", "--style",
        Impasto.example("starry_night.jpg"), "--size", "48",
        "--iterations", "2", "--quiet", "--content-layers", "conv_4", "--style-layers", "conv_2,conv_4",
      ] + more, in: folder)
  }

  private static func prepare(_ folder: URL) throws -> Picture {
    func write(_ picture: Picture, _ name: String) throws {
      try picture.write(to: folder.appending(path: name).path, as: PictureEncoding())
    }
    let photo = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 48)
    let size = (photo.width, photo.height)
    try write(photo, "photo.png")
    try write(mask(size) { $0 < 0.5 ? 0 : 1 }, "right.png")
    try write(mask(size) { $0 < 0.5 ? 1 : 0 }, "left.png")
    try write(mask((40, 40)) { _ in 1 }, "square.png")
    try write(mask(size) { _ in 0 }, "black.png")
    try write(mask(size) { _ in 1 }, "white.png")
    return try Picture(contentsOf: folder.appending(path: "photo.png").path)
  }

  @Test("a picture with a mask and regions is made again by rerun from its settings, to the same bytes")
  func rerun() throws {
    try withTemporaryFolder { folder in
      let photo = try Self.prepare(folder)
      let flags = [
        "--mask", "right.png", "--region", "right.png", "--region", "left.png", "--keep-shapes", "0.5",
      ]
      let made = try Self.run(flags + ["-o", "a.png"], in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let picture = try Picture(contentsOf: folder.appending(path: "a.png").path)
      let left = (0..<photo.width * photo.height).filter { $0 % photo.width < photo.width / 2 - 1 }
      #expect(left.allSatisfy { picture.colour[$0] == photo.colour[$0] })
      let style = ["--style", Impasto.example("starry_night.jpg"), "--quiet"]
      let again = try Impasto.run(["rerun", "a.png", "-o", "b.png"] + style, in: folder)
      #expect(again.status == 0, "\(again.errors)")
      func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
      #expect(try bytes("a.png") == bytes("b.png"))
      // A mask that is no longer the same is told of.
      try FileManager.default.removeItem(at: folder.appending(path: "right.png"))
      try FileManager.default.copyItem(
        at: folder.appending(path: "left.png"), to: folder.appending(path: "right.png"))
      let other = try Impasto.run(["rerun", "a.png", "-o", "c.png"] + style, in: folder)
      #expect(other.status == 65 && other.errors.contains("right.png"))
    }
  }

  @Test("no mask is written over, and bad masks are told of before any work")
  func refusals() throws {
    try withTemporaryFolder { folder in
      _ = try Self.prepare(folder)
      let cases: [(flags: [String], status: Int32, text: String)] = [
        (["--mask", "right.png", "-o", "right.png"], 64, "--mask"),
        (["--region", "left.png", "-o", "left.png"], 64, "--region"),
        (["--mask", "square.png", "-o", "a.png"], 65, "40×40"),
        (["--mask", "black.png", "-o", "a.png"], 65, "empty"),
        (["--region", "white.png", "--region", "rest", "-o", "a.png"], 65, "--region rest is empty"),
        (["--mask", "none.png", "-o", "a.png"], 66, "none.png"),
        (
          [
            "--style", Impasto.example("cafe_terrace.jpg"), "--region", "right.png", "--region", "left.png",
            "--mask",
            "right.png", "-o", "a.png",
          ], 65, "'left.png' shows nothing of 'photo.png'"
        ),
        (["--region", "a:b:c", "-o", "a.png"], 64, "CONTENT-MASK:STYLE-MASK"),
        (["--keep-shapes", "2", "-o", "a.png"], 64, "from 0"),
      ]
      for (flags, status, text) in cases {
        let result = try Self.run(flags, in: folder)
        #expect(result.status == status, "\(flags): \(result.errors)")
        #expect(result.errors.contains(text), "\(flags): \(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a.png").path))
    }
  }

  @Test("a clear content keeps its transparency in a PNG, and a JPEG says that it cannot")
  func transparency() throws {
    try withTemporaryFolder { folder in
      let photo = try Self.prepare(folder)
      let alpha = (0..<photo.width * photo.height).map { Float($0 % photo.width < 20 ? 0 : 1) }
      try Picture(width: photo.width, height: photo.height, colour: photo.colour, alpha: alpha)
        .write(to: folder.appending(path: "photo.png").path, as: PictureEncoding())
      let made = try Self.run(["-o", "a.png"], in: folder)
      #expect(made.status == 0 && !made.errors.contains("transparency"), "\(made.errors)")
      #expect(try Picture(contentsOf: folder.appending(path: "a.png").path).alpha == alpha)
      let white = try Self.run(["-o", "a.jpg"], in: folder)
      #expect(white.status == 0 && white.errors.contains("a JPEG has no transparency"), "\(white.errors)")
    }
  }
}
