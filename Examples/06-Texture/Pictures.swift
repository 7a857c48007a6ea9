import CImageCodecs
import Foundation
import Tensor

struct PictureProblem: Error { let reason: String }

/// The path of a picture that comes with the examples.
func bundledPicture(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Images/\(name)").standardized.path
}

/// The path of a file that `make weights` puts into the user's cache.
func cachedWeights(_ name: String) -> String {
  let environment = ProcessInfo.processInfo.environment
  let cache = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
  return cache + "/impasto/" + name
}

/// A JPEG file as [1, 3, H, W], red, green and blue in 0 … 1.
func readPicture(_ path: String) throws -> Tensor<Float> {
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
  var (header, message) = (codec_header(), [CChar](repeating: 0, count: Int(CODEC_MESSAGE_SIZE)))
  guard let reader = codec_jpeg_open(bytes, bytes.count, &header, &message) else { throw problem(message) }
  defer { codec_close(reader) }
  let (width, height) = (Int(header.width), Int(header.height))
  let placement = codec_placement(origin: 0, step_x: 1, step_y: width)
  return try Tensor(shape: [1, 3, height, width]) { colour in
    // The reader keeps no copy of the bytes.
    try withExtendedLifetime(bytes) {
      guard codec_read(reader, placement, colour.baseAddress, nil, &message) else { throw problem(message) }
    }
  }
}

/// Writes [1, 3, H, W] as a PNG file.
func writePicture(_ picture: Tensor<Float>, to path: String) throws {
  var (file, message) = (codec_file(), [CChar](repeating: 0, count: Int(CODEC_MESSAGE_SIZE)))
  let (width, height) = (UInt32(picture.shape[3]), UInt32(picture.shape[2]))
  guard codec_png_encode(picture.scalars, nil, width, height, 8, nil, &file, &message) else {
    throw problem(message)
  }
  defer { free(file.bytes) }
  try Data(bytes: file.bytes, count: file.count).write(to: URL(filePath: path))
  print("The texture is \(path).")
}

private func problem(_ message: [CChar]) -> PictureProblem {
  PictureProblem(
    reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
}
