/// A picture in memory: RGB in 0…1, and its transparency where it has any.
///
/// `colour` is planar, `[3, H, W]` (red, green and blue planes, H rows of W pixels), so that it is the storage
/// of a `[1, 3, H, W]` tensor as it stands. The numbers are sRGB's: those of a file that says that it means other
/// colours (by an ICC profile, PNG's gAMA or cICP …) are converted when it is read.
public struct Picture: Sendable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Red, green and blue planes, `[3, H, W]`; not multiplied by alpha.
  public let colour: [Float]
  /// Opacity, `[H, W]`, 0 (clear) … 1 (opaque); nil where every pixel is opaque.
  public let alpha: [Float]?
  /// The file that the picture was read from, where it is as it was there.
  package var origin: Origin?
  /// What the file's numbers meant, where it was not sRGB.
  var colours: PictureColours?
  /// The file's own size, where the picture was made smaller while it was read.
  var fullSize: (width: Int, height: Int)?
  /// What was taken at once to read the picture.
  var readingMemory = ByteCount(0)

  /// A file as it was when a picture was read from it.
  package struct Origin: Equatable, Sendable {
    package let path: String
    /// In hexadecimal.
    package let sha256: String

    package init(path: String, sha256: String) { (self.path, self.sha256) = (path, sha256) }
  }

  /// The most pixels that are read unless more are allowed: 2²⁷, about 134 megapixels, 1.6 GB as floats.
  ///
  /// A file of a kilobyte can declare any size; this is checked before room for it is made.
  public static let pixelLimit = 1 << 27

  /// A picture of the given values.
  ///
  /// - Precondition: `colour` has 3 × width × height values, and `alpha`, if any, width × height.
  public init(width: Int, height: Int, colour: [Float], alpha: [Float]? = nil) {
    precondition(
      width > 0 && height > 0 && colour.count == 3 * width * height,
      "Picture: \(width)×\(height) needs \(3 * width * height) colour values, got \(colour.count)")
    precondition(
      alpha == nil || alpha?.count == width * height,
      "Picture: \(width)×\(height) needs \(width * height) alpha values, got \(alpha?.count ?? 0)")
    self.width = width
    self.height = height
    self.colour = colour
    self.alpha = alpha
  }

  /// The picture over white, opaque: `colour · alpha + 1 − alpha`.
  package var overWhite: Picture {
    guard let alpha else { return self }
    let plane = width * height
    let mixed = [Float](unsafeUninitializedCapacity: 3 * plane) { target, count in
      for channel in 0..<3 {
        for pixel in 0..<plane {
          let index = channel * plane + pixel
          target[index] = colour[index] * alpha[pixel] + (1 - alpha[pixel])
        }
      }
      count = 3 * plane
    }
    return Picture(width: width, height: height, colour: mixed)
  }
}

extension Picture: Equatable {
  /// Whether both pictures have the same size and values, wherever they come from.
  public static func == (a: Picture, b: Picture) -> Bool {
    a.width == b.width && a.height == b.height && a.colour == b.colour && a.alpha == b.alpha
  }
}
