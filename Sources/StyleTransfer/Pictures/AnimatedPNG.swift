import ImpastoPlatform
import Tensor

/// An animated PNG that grows frame by frame: how a picture came about, as browsers show it.
///
/// A program that knows nothing of animations shows the first frame. Frames are whole pictures of 8 bits a
/// sample and repeat for ever. Only their compressed bytes are kept, in memory or in a file beside, the spool.
///
/// ```swift
/// var film = AnimatedPNG(width: 256, height: 192, frameDuration: .milliseconds(80), lastFrameDuration: .seconds(2))
/// for picture in pictures { try film.append(picture) }
/// try film.write(to: "film.png", settings: nil)
/// ```
///
/// The chunks acTL, fcTL and fdAT are those of the PNG specification's third edition (W3C, 2025).
package struct AnimatedPNG {
  package let width: Int
  package let height: Int
  package let frameDuration: Duration
  /// How long the last frame stays before the first returns.
  package let lastFrameDuration: Duration
  private var header: [UInt8] = []
  private var frames: [Frame] = []

  /// The file that holds the frames' bytes one after the other while the animation grows; `nil` for memory.
  package let spool: String?

  fileprivate struct Frame: Codable {
    /// The zlib stream of the pixels; empty where it is in the spool.
    let pixels: [UInt8]
    /// Where it is in the spool.
    let place: Range<Int>
    /// How many frames in a row look like this.
    var repeats = 1

    var byteCount: Int { max(pixels.count, place.count) }
  }

  /// How many frames are stored; frames that look like the one before are not.
  package var storedFrameCount: Int { frames.count }

  /// - Parameter spool: The file that holds the frames' bytes; `nil` keeps them in memory.
  /// - Precondition: The size is positive, and no duration is negative.
  package init(
    width: Int, height: Int, frameDuration: Duration, lastFrameDuration: Duration, spool: String? = nil
  ) {
    precondition(width > 0 && height > 0, "AnimatedPNG: no picture has \(width)×\(height) pixels")
    precondition(
      frameDuration >= .zero && lastFrameDuration >= .zero,
      "AnimatedPNG: a duration is negative: \(frameDuration), \(lastFrameDuration)")
    self.width = width
    self.height = height
    self.frameDuration = frameDuration
    self.lastFrameDuration = lastFrameDuration
    self.spool = spool
  }

  /// Adds a frame; one that looks like the frame before it prolongs that one and takes no room.
  ///
  /// - Precondition: `picture` has the animation's size, and has transparency if the first frame has.
  /// - Throws: ``PictureError``.
  package mutating func append(_ picture: Picture) throws {
    precondition(
      picture.width == width && picture.height == height,
      "AnimatedPNG: a frame of \(picture.width)×\(picture.height) in an animation of \(width)×\(height)")
    var header: [UInt8] = []
    var pixels: [UInt8] = []
    for chunk in PNGChunks(try picture.encoded(as: .png)) {
      if chunk.kind == "IHDR" { header += chunk.data }
      if chunk.kind == "IDAT" { pixels += chunk.data }
    }
    if frames.isEmpty { self.header = header }
    precondition(
      header == self.header, "AnimatedPNG: some frames are transparent, and others have no transparency")
    if let last = frames.last, last.byteCount == pixels.count, try self.pixels(of: last) == pixels {
      frames[frames.count - 1].repeats += 1
    } else if let spool {
      let start = frames.last?.place.upperBound ?? 0
      do { try Spool.write(pixels, to: spool, at: start) } catch let error as AtomicFileError {
        throw PictureError(error)
      }
      frames.append(Frame(pixels: [], place: start..<start + pixels.count))
    } else {
      frames.append(Frame(pixels: pixels, place: 0..<0))
    }
  }

  private func pixels(of frame: Frame) throws -> [UInt8] {
    guard let spool else { return frame.pixels }
    do { return try Spool.read(frame.place, of: spool) } catch { throw PictureError(error) }
  }

  /// Writes the animation as an atomic replacement, with `settings` as ``Picture/settings(ofFileAt:)`` finds them.
  ///
  /// - Precondition: There is a frame; settings have no null characters.
  /// - Throws: ``PictureError``; what was at `path` is then as it was.
  package func write(to path: String, settings: String?) throws {
    precondition(!frames.isEmpty, "AnimatedPNG: an animation without frames cannot be written")
    let text = try settings.map(textChunk) ?? []
    do {
      try AtomicFile.replace(path) { file in
        try file.append(PictureFormat.png.magic + PNGChunks.encoded("IHDR", header))
        // 0 plays: for ever.
        try file.append(PNGChunks.encoded("acTL", PNGChunks.bigEndian(UInt32(frames.count)) + [0, 0, 0, 0]))
        try file.append(PNGChunks.encoded("sRGB", [0]))
        try file.append(text)
        // Frame controls and frame data are counted together.
        var sequence: UInt32 = 0
        for (index, frame) in frames.enumerated() {
          try file.append(control(of: frame, isLast: index == frames.count - 1, sequence))
          sequence += 1
          let pixels = try pixels(of: frame)
          if index == 0 {
            try file.append(PNGChunks.encoded("IDAT", pixels))
          } else {
            try file.append(PNGChunks.encoded("fdAT", PNGChunks.bigEndian(sequence) + pixels))
            sequence += 1
          }
        }
        try file.append(PNGChunks.encoded("IEND", []))
      }
    } catch let error as AtomicFileError {
      throw PictureError(error)
    }
  }

  // MARK: Going on

  /// What there is beside the spool, for ``goOn(from:)``.
  package var state: State { State(header: header, frames: frames) }

  /// An animation on the way, whose frames are in its spool.
  package struct State: Codable {
    fileprivate let header: [UInt8]
    fileprivate let frames: [Frame]
  }

  /// Goes on from a state; what the spool got since then is overwritten.
  package mutating func goOn(from state: State) { (header, frames) = (state.header, state.frames) }

  /// Deletes the spool.
  package func discardSpool() { if let spool { Spool.delete(spool) } }

  /// The fcTL chunk: where a frame goes (everywhere), how long it stays, and that it replaces what was there.
  private func control(of frame: Frame, isLast: Bool, _ sequence: UInt32) -> [UInt8] {
    let duration =
      isLast ? frameDuration * (frame.repeats - 1) + lastFrameDuration : frameDuration * frame.repeats
    let delay = Self.delay(duration)
    let place = [UInt32(width), UInt32(height), 0, 0].flatMap(PNGChunks.bigEndian)
    let time = PNGChunks.bigEndian(delay.numerator) + PNGChunks.bigEndian(delay.denominator)
    // Dispose: leave the frame as it is. Blend: overwrite, alpha and all.
    return PNGChunks.encoded("fcTL", PNGChunks.bigEndian(sequence) + place + time + [0, 0])
  }

  /// A duration as a fraction of seconds in 16 bits each: milliseconds up to a minute, then coarser; 18 hours at
  /// most.
  private static func delay(_ duration: Duration) -> (numerator: UInt16, denominator: UInt16) {
    let seconds = duration / .seconds(1)
    for denominator in [1000, 100, 10] as [UInt16] {
      if let numerator = UInt16(exactly: (seconds * Double(denominator)).rounded()) {
        return (numerator, denominator)
      }
    }
    return (UInt16(min(seconds.rounded(), Double(UInt16.max))), 1)
  }

  /// The text chunk of a PNG that holds `settings`, as the encoder of still pictures writes it.
  private func textChunk(_ settings: String) throws -> [UInt8] {
    let carrier = Picture(width: 1, height: 1, colour: [0, 0, 0])
    let file = try carrier.encoded(as: .png, PictureEncoding(settings: settings))
    return PNGChunks(file).first { $0.kind.hasSuffix("Xt") }.map { PNGChunks.encoded($0.kind, $0.data) } ?? []
  }
}
