import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Animated PNG")
struct AnimatedPNGTests {
  /// Frames that differ, in order.
  static func frames(_ count: Int, hasAlpha: Bool = false) -> [Picture] {
    (0..<count).map {
      Picture.random(width: 13, height: 7, maximum: 255, hasAlpha: hasAlpha, seed: UInt64(40 + $0))
    }
  }

  /// The bytes of an animation of `frames` as it is written.
  private func file(
    _ frames: [Picture], settings: String? = nil, every: Duration = .milliseconds(80),
    last: Duration = .seconds(2)
  ) throws -> [UInt8] {
    try withTemporaryFolder { folder in
      var animation = AnimatedPNG(width: 13, height: 7, frameDuration: every, lastFrameDuration: last)
      for frame in frames { try animation.append(frame) }
      let path = folder.appending(path: "film.png").path
      try animation.write(to: path, settings: settings)
      return try FileBytes.read(path)
    }
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  @Test("a reader of still pictures sees the first frame", arguments: [false, true])
  func firstFrame(hasAlpha: Bool) throws {
    let frames = Self.frames(3, hasAlpha: hasAlpha)
    #expect(try Picture(decoding: file(frames), path: "film.png") == frames[0])
  }

  @Test("every later frame is its own PNG's pixel stream, wrapped", arguments: [false, true])
  func laterFrames(hasAlpha: Bool) throws {
    let frames = Self.frames(3, hasAlpha: hasAlpha)
    let bytes = try file(frames)
    let stored = PNGChunks(bytes).filter { $0.kind == "fdAT" }
    try #require(stored.count == 2)
    let header = try #require(PNGChunks(bytes).first { $0.kind == "IHDR" })
    for (chunk, frame) in zip(stored, frames.dropFirst()) {
      let still =
        PNGAssembly.signature + PNGAssembly.chunk("IHDR", Array(header.data))
        + PNGAssembly.chunk("IDAT", Array(chunk.data.dropFirst(4))) + PNGAssembly.chunk("IEND", [])
      #expect(try Picture(decoding: still, path: "frame.png") == frame)
    }
  }

  @Test("chunks are in order, intact, and numbered without a gap")
  func structure() throws {
    let chunks = Array(PNGChunks(try file(Self.frames(3), settings: "{}")))
    #expect(
      chunks.map(\.kind)
        == ["IHDR", "acTL", "sRGB", "tEXt", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"])
    for chunk in chunks { #expect(chunk.isIntact, "\(chunk.kind)") }
    #expect(Array(chunks[1].data) == [0, 0, 0, 3, 0, 0, 0, 0])
    let numbered = chunks.filter { ["fcTL", "fdAT"].contains($0.kind) }
    #expect(numbered.map { number($0.data.prefix(4)) } == [0, 1, 2, 3, 4])
    for control in chunks.filter({ $0.kind == "fcTL" }) {
      #expect(control.data.count == 26)
      #expect(
        stride(from: 4, to: 20, by: 4).map { number(control.data.dropFirst($0).prefix(4)) } == [13, 7, 0, 0])
      #expect(Array(control.data.suffix(2)) == [0, 0])
    }
  }

  @Test("the checksums are those of another implementation")
  func checksums() throws {
    let bytes = try file(Self.frames(2))
    #expect(PNGAssembly.mended(bytes) == bytes)
  }

  /// Each stored frame's delay in seconds.
  private func delays(_ bytes: [UInt8]) -> [Double] {
    PNGChunks(bytes).filter { $0.kind == "fcTL" }.map { chunk in
      let fraction = chunk.data.dropFirst(20)
      return Double(number(fraction.prefix(2))) / Double(number(fraction.dropFirst(2).prefix(2)))
    }
  }

  @Test("a frame like the one before prolongs it; one like an earlier frame is a frame of its own")
  func repeats() throws {
    let frames = Self.frames(2)
    let bytes = try file([frames[0], frames[0], frames[0], frames[1], frames[0], frames[0]])
    #expect(PNGChunks(bytes).filter { $0.kind == "fdAT" }.count == 2)
    #expect(delays(bytes) == [0.24, 0.08, 2.08])
  }

  @Test(
    "durations are exact to the millisecond up to a minute, then coarser, and end at 65,535 s",
    arguments: [
      (Duration.milliseconds(33), 0.033), (.milliseconds(65_535), 65.535), (.milliseconds(123_456), 123.46),
      (.seconds(1000.04), 1000), (.seconds(7000), 7000), (.seconds(1_000_000), 65_535), (.zero, 0),
    ])
  func durations(duration: Duration, seconds: Double) throws {
    #expect(delays(try file(Self.frames(2), every: duration)).first == seconds)
  }

  @Test("the settings come back", arguments: [#"{"seed":1}"#, #"{"style":"星月夜.jpg"}"#])
  func settings(_ text: String) throws {
    #expect(try Picture.settings(in: file(Self.frames(2), settings: text), path: "film.png") == text)
    #expect(try Picture.settings(in: file(Self.frames(1)), path: "film.png") == nil)
  }

  @Test("what cannot be written is an error of the kind that pictures have")
  func notWritable() throws {
    var animation = AnimatedPNG(
      width: 13, height: 7, frameDuration: .seconds(1), lastFrameDuration: .seconds(1))
    try animation.append(Self.frames(1)[0])
    let path = PictureFixtures.folder + "/none/film.png"
    let error = pictureError { try animation.write(to: path, settings: nil) }
    #expect(error == .missingOutputFolder(path: path, folder: PictureFixtures.folder + "/none"))
  }

  @Test("frames in a spool make the same file, also by an animation that goes on from one's state")
  func spool() throws {
    try withTemporaryFolder { folder in
      let frames = Self.frames(4) + [Self.frames(4)[3]]
      let path = folder.appending(path: "film.png").path
      func animation() -> AnimatedPNG {
        AnimatedPNG(
          width: 13, height: 7, frameDuration: .milliseconds(80), lastFrameDuration: .seconds(2),
          spool: path + ".frames")
      }
      var first = animation()
      for frame in frames[..<2] { try first.append(frame) }
      let state = try JSONEncoder().encode(first.state)
      // What came after the state is forgotten.
      try first.append(frames[4])
      var second = animation()
      second.goOn(from: try JSONDecoder().decode(AnimatedPNG.State.self, from: state))
      for frame in frames[2...] { try second.append(frame) }
      #expect(second.storedFrameCount == 4)
      try second.write(to: path, settings: nil)
      #expect(try FileBytes.read(path) == file(frames))
      second.discardSpool()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["film.png"])
    }
  }
}
