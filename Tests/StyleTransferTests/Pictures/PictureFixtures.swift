import Foundation

@testable import StyleTransfer

/// The pictures of Tests/Fixtures/images and what generate.py knows of them.
enum PictureFixtures {
  struct Expected: Decodable, Sendable {
    let width: Int
    let height: Int
    let maximum: Int
    let colour: [Int]
    let alpha: [Int]?
  }

  struct Upright: Decodable, Sendable {
    let width: Int
    let height: Int
    let source: [Int]
  }

  private struct Record: Decodable {
    let pictures: [String: Expected]
    let orientations: [String: Upright]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/images").standardized.path

  private static let record: Record = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    guard let record = try? JSONDecoder().decode(Record.self, from: data) else {
      fatalError("run Tests/Fixtures/images/generate.py")
    }
    return record
  }()

  static let pngNames = record.pictures.keys.filter { !$0.hasPrefix("jpeg") }.sorted()
  static let jpegNames = record.pictures.keys.filter { $0.hasPrefix("jpeg") }.sorted()

  static func expected(_ name: String) -> Expected { record.pictures[name]! }
  static func upright(_ orientation: Orientation) -> Upright {
    record.orientations["\(orientation.rawValue)"]!
  }

  /// The kinds that can be written with the libraries that are installed.
  static let writable = PictureFormat.allCases.filter { $0.isWritten && $0.library?.isThere ?? true }

  static func bytes(_ file: String) throws -> [UInt8] { try FileBytes.read(folder + "/" + file) }
}

/// The error that `body` throws, if it is a ``PictureError``.
func pictureError(_ body: () throws -> Void) -> PictureError? {
  do {
    try body()
    return nil
  } catch {
    return error as? PictureError
  }
}

/// A small seeded generator (Steele, Lea and Flood's SplitMix64).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

extension Picture {
  /// Any picture with the levels 0 … `maximum`, so that a round trip must be exact.
  static func random(width: Int, height: Int, maximum: Int, hasAlpha: Bool, seed: UInt64) -> Picture {
    var generator = SplitMix64(state: seed)
    func plane(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(Int.random(in: 0...maximum, using: &generator)) / Float(maximum) }
    }
    return Picture(
      width: width, height: height, colour: plane(3 * width * height),
      alpha: hasAlpha ? plane(width * height) : nil)
  }
}
