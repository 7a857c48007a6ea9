import CImageCodecs

/// How a stored picture is turned for display: the EXIF tag's eight values.
///
/// The names say where the stored first row and first column lie when the picture is shown upright.
enum Orientation: Int, CaseIterable, Sendable {
  case topLeft = 1
  case topRight, bottomRight, bottomLeft
  case leftTop, rightTop, rightBottom, leftBottom

  /// Rows become columns.
  var isTransposed: Bool { rawValue >= 5 }

  /// Where the stored pixel (x, y) of a `width` × `height` picture lies in the upright plane.
  func placement(width: Int, height: Int) -> codec_placement {
    let columns = isTransposed ? height : width
    let rows = isTransposed ? width : height
    let isRightToLeft = [.topRight, .bottomRight, .rightTop, .rightBottom].contains(self)
    let isBottomUp = [.bottomRight, .bottomLeft, .rightBottom, .leftBottom].contains(self)
    let across = isRightToLeft ? -1 : 1
    let down = isBottomUp ? -columns : columns
    return codec_placement(
      origin: (isRightToLeft ? columns - 1 : 0) + (isBottomUp ? (rows - 1) * columns : 0),
      step_x: isTransposed ? down : across,
      step_y: isTransposed ? across : down,
      plane: width * height)
  }
}

extension Orientation {
  /// The orientation tag of the first directory of an EXIF block (a TIFF header in either byte order).
  ///
  /// Nil where the block is malformed or has none: a bad tag is no reason to refuse the pixels.
  init?(exif: [UInt8]) {
    let isLittle: Bool
    switch Array(exif.prefix(4)) {
    case [0x49, 0x49, 42, 0]: isLittle = true
    case [0x4D, 0x4D, 0, 42]: isLittle = false
    default: return nil
    }
    func integer(at start: Int, size: Int) -> Int? {
      guard start <= exif.count - size else { return nil }
      let field = exif[start..<start + size]
      return (isLittle ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
    }

    let orientationTag = 0x0112
    let (short, long) = (3, 4)
    guard let directory = integer(at: 4, size: 4), let count = integer(at: directory, size: 2) else {
      return nil
    }
    for entry in 0..<count {
      let start = directory + 2 + 12 * entry
      guard let tag = integer(at: start, size: 2), let type = integer(at: start + 2, size: 2) else {
        return nil
      }
      guard tag == orientationTag else { continue }
      // One number; of several, or none, readers make different things.
      guard type == short || type == long, integer(at: start + 4, size: 4) == 1,
        let value = integer(at: start + 8, size: type == short ? 2 : 4)
      else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
