import CImageCodecs

/// Where a picture's upper left corner stands on a canvas, and the canvas' size.
struct CanvasPlace: Equatable {
  var left: Int
  var top: Int
  var width: Int
  var height: Int
}

/// A picture on a canvas that is clear around it.
final class CanvasRows: RowSource {
  let layout: PixelLayout
  private let picture: any RowSource
  private let place: CanvasPlace
  private var y = 0

  /// - Precondition: The picture has alpha, comes row by row from the top, and is on the canvas.
  init(_ picture: any RowSource, at place: CanvasPlace) {
    let inner = picture.layout
    precondition(
      inner.hasAlpha && place.left + inner.width <= place.width && place.top + inner.height <= place.height,
      "CanvasRows: a picture without alpha, or beyond its canvas")
    var layout = inner
    (layout.width, layout.height) = (place.width, place.height)
    (self.layout, self.picture, self.place) = (layout, picture, place)
  }

  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row? {
    guard y < layout.height else { return nil }
    defer { y += 1 }
    samples.prefix(layout.rowCount).update(repeating: 0)
    if y >= place.top, y < place.top + picture.layout.height {
      let start = place.left * (layout.channels + 1)
      let own = UnsafeMutableBufferPointer(rebasing: samples[start..<start + picture.layout.rowCount])
      guard try picture.next(into: own) != nil else { throw DecodingFault("a row is missing") }
    }
    return codec_row(y: UInt32(y), x: 0, step: 1, count: UInt32(layout.width))
  }
}
