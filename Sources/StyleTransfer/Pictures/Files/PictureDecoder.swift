import CImageCodecs
import ImpastoPlatform

/// How much of a file is read.
package struct ReadingLimits: Sendable {
  /// The most pixels that are read.
  package var pixels: Int
  /// The longer side that is needed, where a much larger picture need not be kept whole.
  package var longestSide: Int?
  /// The memory that reading a picture may take; `nil` for what the machine or its container has.
  package var memory: ByteCount?
  /// Pictures of up to as many pixels are kept whole, whatever size is needed.
  var wholePixels = 1 << 24

  package init(
    pixels: Int = Picture.pixelLimit, longestSide: Int? = nil, memory: ByteCount? = nil
  ) {
    (self.pixels, self.longestSide, self.memory) = (pixels, longestSide, memory)
  }

  /// The most bytes that a file may have: no picture within the limit needs more, and an endless pipe must stop
  /// somewhere.
  var bytes: Int { max(FileBytes.limit, pixels * 8) }
}

/// A file's rows on their way into a picture.
struct PictureDecoder {
  private let source: any RowSource
  private let conversion: ColourConversion
  /// Whether the rows have an alpha that counts.
  private let hasAlpha: Bool
  private let orientation: Orientation
  private let colours: PictureColours?
  private let fullSize: (width: Int, height: Int)
  /// The size that the picture is made smaller to; `nil` where it is kept.
  private let reducedSize: (width: Int, height: Int)?
  /// How many pixels of the file a side go into one of the source's; those at the far edges may have fewer.
  private let denominator: Double

  /// - Throws: ``DecodingFault``, ``MissingLibrary``, and ``PictureError`` for a picture of too many pixels.
  init(
    _ buffer: UnsafeBufferPointer<UInt8>, _ file: PictureFile, path: String, limits: ReadingLimits
  ) throws {
    let source: any RowSource
    do { source = try file.rows(buffer) } catch let fault as DecodingFault {
      if let (width, height) = fault.size { try Self.check(width, height, path, limits) }
      throw fault
    }
    let layout = source.layout
    try Self.check(layout.width, layout.height, path, limits)
    self.source = source
    hasAlpha = try layout.hasAlpha && !(layout.isAlphaUnsaid && Self.isClearEverywhere(file.rows(buffer)))
    fullSize = (layout.width, layout.height)
    orientation = layout.orientation ?? file.orientation
    colours = layout.colours ?? file.colours(channels: layout.channels)
    conversion = try .toSRGB(colours, channels: layout.channels)
    reducedSize = Self.reducedSize(fullSize, limits)
    var denominator = 1
    if let reducedSize, let jpeg = source as? CodecRows, file.format == .jpeg {
      // The area of what libjpeg leaves is still averaged over, and so is a multiple of what is needed.
      let ratio = fullSize.width / reducedSize.width
      denominator = [8, 4, 2].first { $0 <= ratio } ?? 1
      if denominator > 1 { jpeg.scaleJPEG(by: denominator) }
    }
    self.denominator = Double(denominator)
    try checkMemory(file.format, path, limits)
  }

  /// The bytes that the picture takes while it is read.
  private var memory: ByteCount {
    let size = reducedSize ?? fullSize
    return ByteCount(source.layout.decodingBytes + Double(size.width * size.height * (hasAlpha ? 16 : 12)))
  }

  /// Libraries that find no memory may end the process, so they are not asked.
  private func checkMemory(_ format: PictureFormat, _ path: String, _ limits: ReadingLimits) throws {
    let (allowed, owner) =
      limits.memory.map { ($0.bytes, "--memory-limit allows") } ?? MemoryBudget.ofThisThread()
    guard memory.bytes > allowed else { return }
    throw PictureError.tooLittleMemory(
      path: path, format: format, width: fullSize.width, height: fullSize.height, needed: memory,
      allowed: "\(owner) \(ByteCount(allowed))", isDecoding: source.layout.decodingBytes > memory.bytes / 2)
  }

  /// Programs that know no alpha leave it 0: a picture of which nothing can be seen is not meant.
  private static func isClearEverywhere(_ source: any RowSource) throws -> Bool {
    let layout = source.layout
    let samples = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(layout.rowCount, 1))
    defer { samples.deallocate() }
    let step = layout.channels + 1
    while let row = try source.next(into: samples) {
      if (0..<Int(row.count)).contains(where: { samples[$0 * step + layout.channels] != 0 }) { return false }
    }
    return true
  }

  private static func check(_ width: Int, _ height: Int, _ path: String, _ limits: ReadingLimits) throws {
    // Of sides that are no more than numbers in a header, the product can be beyond Int.
    let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows && pixels <= limits.pixels else {
      throw PictureError.tooLarge(path: path, width: width, height: height, limit: limits.pixels)
    }
  }

  /// How many pixels a side are kept for one that is needed: the filter that makes a picture smaller still sees
  /// what is around each of them.
  private static let pixelsForOne = 4

  private static func reducedSize(
    _ size: (width: Int, height: Int), _ limits: ReadingLimits
  ) -> (width: Int, height: Int)? {
    guard let side = limits.longestSide, side > 0, size.width * size.height > limits.wholePixels else {
      return nil
    }
    let ratio = Double(pixelsForOne * side) / Double(max(size.width, size.height))
    return ratio <= 0.5 ? Picture.size(size.width, size.height, scaledBy: ratio) : nil
  }

  /// - Throws: ``DecodingFault``.
  func read() throws -> Picture {
    let size = reducedSize ?? fullSize
    let plane = size.width * size.height
    var alpha: [Float] = []
    let colour = try [Float](unsafeUninitializedCapacity: 3 * plane) { colour, colourCount in
      alpha = try [Float](unsafeUninitializedCapacity: hasAlpha ? plane : 0) { alpha, alphaCount in
        var at = orientation.placement(width: size.width, height: size.height)
        at.plane = plane
        let opacity = hasAlpha ? alpha.baseAddress : nil
        if reducedSize == nil {
          try forEachRow { samples, row in codec_place(samples, row, at, colour.baseAddress, opacity) }
        } else {
          colour.initialize(repeating: 0)
          alpha.initialize(repeating: 0)
          try reduce(
            to: size, at, colour, opacity.map { UnsafeMutableBufferPointer(start: $0, count: plane) })
        }
        alphaCount = hasAlpha ? plane : 0
      }
      colourCount = 3 * plane
    }
    var picture = Picture(
      width: orientation.isTransposed ? size.height : size.width,
      height: orientation.isTransposed ? size.width : size.height, colour: colour,
      alpha: alpha.allSatisfy { $0 == 1 } ? nil : alpha)
    picture.readingMemory = memory
    picture.colours = conversion.changesAnything ? colours : nil
    if reducedSize != nil {
      picture.fullSize =
        orientation.isTransposed ? (fullSize.height, fullSize.width) : (fullSize.width, fullSize.height)
    }
    return picture
  }

  /// Calls `body` with each row as red, green, blue and, if there is one, straight alpha.
  private func forEachRow(_ body: (UnsafePointer<Float>, codec_row) -> Void) throws {
    let layout = source.layout
    let isReady = layout.channels == 3 && !conversion.changesAnything
    let samples = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(layout.rowCount, 1))
    let converted = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: isReady ? 1 : layout.width * (hasAlpha ? 4 : 3))
    defer {
      samples.deallocate()
      converted.deallocate()
    }
    while let row = try source.next(into: samples) {
      let count = Int(row.count)
      if layout.hasAlpha && !hasAlpha { leaveOutAlpha(samples, count, channels: layout.channels) }
      if hasAlpha && layout.isPremultiplied { divideByAlpha(samples, count, channels: layout.channels) }
      if isReady {
        body(samples.baseAddress!, row)
      } else {
        conversion.convert(
          samples.baseAddress!, to: converted.baseAddress!, count: count, hasAlpha: hasAlpha)
        body(converted.baseAddress!, row)
      }
    }
  }

  private func leaveOutAlpha(_ samples: UnsafeMutableBufferPointer<Float>, _ count: Int, channels: Int) {
    for pixel in 0..<count {
      for channel in 0..<channels {
        samples[channels * pixel + channel] = samples[(channels + 1) * pixel + channel]
      }
    }
  }

  private func divideByAlpha(_ samples: UnsafeMutableBufferPointer<Float>, _ count: Int, channels: Int) {
    for pixel in 0..<count {
      let first = pixel * (channels + 1)
      let alpha = samples[first + channels]
      for channel in first..<first + channels {
        samples[channel] = alpha > 0 ? min(samples[channel] / alpha, 1) : 0
      }
    }
  }

  private func reduce(
    to size: (width: Int, height: Int), _ at: codec_placement, _ colour: UnsafeMutableBufferPointer<Float>,
    _ alpha: UnsafeMutableBufferPointer<Float>?
  ) throws {
    let strip = UnsafeMutablePointer<Float>.allocate(capacity: size.width * 4)
    defer { strip.deallocate() }
    var reduction = codec_reduction(
      scale_x: Double(size.width) * denominator / Double(fullSize.width),
      scale_y: Double(size.height) * denominator / Double(fullSize.height),
      width: UInt32(size.width), height: UInt32(size.height), strip: strip)
    try forEachRow { samples, row in
      codec_reduce(samples, row, &reduction, at, colour.baseAddress, alpha?.baseAddress)
    }
    guard let alpha else { return }
    for index in alpha.indices {
      // Where nothing can be seen the colour is black rather than 0 / 0.
      let opacity = alpha[index] + 1e-6
      for channel in 0..<3 { colour[channel * alpha.count + index] /= opacity }
      alpha[index] = min(alpha[index], 1)
    }
  }
}
