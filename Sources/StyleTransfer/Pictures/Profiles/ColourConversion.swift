import CImageCodecs

/// The way from a file's numbers to sRGB, or back: row by row, or many pixels at once.
final class ColourConversion {
  private enum Way {
    case none
    /// Curves and a matrix.
    case shaper(Shaper)
    /// By LittleCMS.
    case transform(Transform)
    /// Inks without a profile: what is left of white light.
    case inks
  }

  /// The channels of the file's numbers, without alpha.
  let channels: Int
  private let way: Way

  private init(_ way: Way, channels: Int) {
    (self.way, self.channels) = (way, channels)
  }

  /// From the colours of a file to sRGB; nothing is to be done where its colours are that, or not known.
  ///
  /// - Throws: ``MissingLibrary`` where it takes LittleCMS.
  static func toSRGB(_ colours: PictureColours?, channels: Int) throws -> ColourConversion {
    try ColourConversion(way(colours, channels: channels, isToSRGB: true), channels: channels)
  }

  /// From sRGB to the colours of a file.
  ///
  /// - Returns: `nil` where there is no way back, as in a profile that only tells how its numbers look.
  /// - Throws: ``MissingLibrary`` where it takes LittleCMS.
  static func fromSRGB(_ colours: PictureColours) throws -> ColourConversion? {
    guard colours.isRGB else { return nil }
    let way = try way(colours, channels: 3, isToSRGB: false)
    if case .none = way, try toSRGB(colours, channels: 3).changesAnything { return nil }
    return ColourConversion(way, channels: 3)
  }

  private static func way(_ colours: PictureColours?, channels: Int, isToSRGB: Bool) throws -> Way {
    let nothing = channels == 4 ? Way.inks : .none
    switch colours?.meaning {
    case nil: return nothing
    case .space(let space): return Shaper(space, isToSRGB: isToSRGB).map(Way.shaper) ?? nothing
    case .profile(let profile):
      switch profile.model {
      case .rgb(let space): return Shaper(space, isToSRGB: isToSRGB).map(Way.shaper) ?? nothing
      case .grey(let curve): return Shaper(grey: curve).map(Way.shaper) ?? nothing
      case .tables:
        try OptionalLibrary.littleCMS.require(for: "its colour profile")
        let message = CodecMessage()
        let transform = message.whileLent {
          codec_transform_open(profile.bytes, profile.bytes.count, Int32(profile.channels), isToSRGB, $0)
        }
        return transform.map { .transform(Transform($0, channels: profile.channels)) } ?? nothing
      }
    }
  }

  var changesAnything: Bool {
    if case .none = way { false } else { true }
  }

  /// `count` pixels of ``channels`` numbers and alpha, if any, to red, green, blue and alpha.
  func convert(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int, hasAlpha: Bool
  ) {
    let (from, to) = (channels + (hasAlpha ? 1 : 0), hasAlpha ? 4 : 3)
    if case .transform(let transform) = way {
      convert(source, to: target, count: count, hasAlpha: hasAlpha, by: transform)
    } else {
      for pixel in 0..<count {
        let (old, new) = (source + pixel * from, target + pixel * to)
        for channel in 0..<3 {
          new[channel] =
            channels == 4 ? (1 - old[channel]) * (1 - old[3]) : old[channels == 3 ? channel : 0]
        }
        if hasAlpha { new[3] = old[channels] }
      }
      if case .shaper(let shaper) = way { shaper.run(target, count: count, channels: to) }
    }
  }

  private func convert(
    _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int, hasAlpha: Bool,
    by transform: Transform
  ) {
    guard hasAlpha || channels != transform.channels else {
      return codec_transform_run(transform.handle, source, target, count)
    }
    let (from, wanted) = (channels + (hasAlpha ? 1 : 0), transform.channels)
    // Grey pixels in a profile of RGB are three equal numbers.
    let colours = (0..<count * wanted).map { source[$0 / wanted * from + min($0 % wanted, channels - 1)] }
    let converted = [Float](unsafeUninitializedCapacity: 3 * count) { buffer, size in
      codec_transform_run(transform.handle, colours, buffer.baseAddress, count)
      size = 3 * count
    }
    let to = hasAlpha ? 4 : 3
    for pixel in 0..<count {
      for channel in 0..<3 { target[to * pixel + channel] = converted[3 * pixel + channel] }
      if hasAlpha { target[4 * pixel + 3] = source[pixel * from + channels] }
    }
  }

  /// The three planes of a picture, `[3, H, W]`, converted.
  func converted(planes: [Float]) -> [Float] {
    let plane = planes.count / 3
    let pixels = (0..<planes.count).map { planes[$0 % 3 * plane + $0 / 3] }
    let result = [Float](unsafeUninitializedCapacity: planes.count) { buffer, count in
      convert(pixels, to: buffer.baseAddress!, count: plane, hasAlpha: false)
      count = planes.count
    }
    return (0..<planes.count).map { result[$0 % plane * 3 + $0 / plane] }
  }
}

/// LittleCMS at work.
private final class Transform {
  let handle: OpaquePointer
  /// Of the profile.
  let channels: Int

  init(_ handle: OpaquePointer, channels: Int) { (self.handle, self.channels) = (handle, channels) }
  deinit { codec_transform_close(handle) }
}

/// Curves and a matrix, ready for the shim.
private final class Shaper {
  private let curves: [[Float]]
  private let matrix: [Float]
  private let isToSRGB: Bool

  /// - Returns: `nil` where the space is sRGB, as far as levels of eight bits tell, or no use.
  convenience init?(_ space: RGBColourSpace, isToSRGB: Bool) {
    guard let fromXYZ = RGBColourSpace.sRGB.toXYZ.inverse, let back = space.toXYZ.inverse else { return nil }
    // Most often all three are one.
    var made: [(curve: ToneCurve, samples: [Float])] = []
    let curves = space.curves.map { curve -> [Float] in
      if let found = made.first(where: { $0.curve == curve }) { return found.samples }
      made.append((curve, curve.samples()))
      return made[made.count - 1].samples
    }
    // Black that is not quite black becomes it, and white stays (black point compensation).
    let darkest = curves.map { min($0[0], $0[$0.count - 1]) }
    let black = min(zip(space.toXYZ.rows[1], darkest).reduce(0) { $0 + $1.0 * Double($1.1) }, 0.184)
    let isLifted = black > 1e-6
    let levels =
      isLifted ? curves.map { curve in curve.map { ($0 - Float(black)) / Float(1 - black) } } : curves
    self.init(
      curves: levels,
      matrix: isToSRGB ? fromXYZ * space.toXYZ : back * RGBColourSpace.sRGB.toXYZ, isToSRGB: isToSRGB)
    if isToSRGB ? isNothing : Shaper(space, isToSRGB: true) == nil { return nil }
  }

  /// Grey by one curve.
  convenience init?(grey curve: ToneCurve) {
    let samples = curve.samples()
    self.init(
      curves: [samples, samples, samples], matrix: ColourMatrix(diagonal: [1, 1, 1]), isToSRGB: true)
    if isNothing { return nil }
  }

  private init(curves: [[Float]], matrix: ColourMatrix, isToSRGB: Bool) {
    self.curves = curves
    self.matrix = matrix.rows.flatMap { $0 }.map(Float.init)
    self.isToSRGB = isToSRGB
  }

  /// Whether no colour of a lattice moves by half a level of eight bits: then files of sRGB keep their numbers.
  private var isNothing: Bool {
    let levels: [Float] = [0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 255]
    var lattice: [Float] = []
    for level in levels { lattice += [level / 255, level / 255, level / 255] }
    for corner in 0..<125 { lattice += [corner / 25, corner / 5 % 5, corner % 5].map { Float($0) / 4 } }
    var pixels = lattice
    pixels.withUnsafeMutableBufferPointer { run($0.baseAddress!, count: $0.count / 3, channels: 3) }
    return zip(pixels, lattice).allSatisfy { abs($0 - $1) < 0.5 / 255 }
  }

  func run(_ pixels: UnsafeMutablePointer<Float>, count: Int, channels: Int) {
    curves[0].withUnsafeBufferPointer { red in
      curves[1].withUnsafeBufferPointer { green in
        curves[2].withUnsafeBufferPointer { blue in
          var shaper = codec_shaper()
          shaper.curves = (red.baseAddress, green.baseAddress, blue.baseAddress)
          withUnsafeMutableBytes(of: &shaper.matrix) { bytes in
            matrix.withUnsafeBytes { bytes.copyMemory(from: $0) }
          }
          let convert = isToSRGB ? codec_to_srgb : codec_from_srgb
          convert(&shaper, pixels, count, Int32(channels))
        }
      }
    }
  }
}
