import ArgumentParser
import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

/// The picture as it grows.
@Suite("Preview")
struct PreviewTests {
  /// Red above, blue below.
  private static let picture = Picture(
    width: 4, height: 8,
    colour: (0..<32).map { $0 < 16 ? 1 : 0 } + Array(repeating: 0, count: 32)
      + (0..<32).map { $0 < 16 ? 0 : 1 })

  @Test(
    "a terminal's language is named, a file is told by its ending, and what is neither is told of the studio")
  func kinds() throws {
    #expect(try Preview.Kind(parsing: "kitty") == .terminal(.kitty))
    #expect(try Preview.Kind(parsing: "SIXEL") == .terminal(.sixel))
    #expect(try Preview.Kind(parsing: "a/b.png") == .file("a/b.png"))
    let error = #expect(throws: ValidationError.self) { try Preview.Kind(parsing: "yes") }
    #expect(error?.message.contains("impasto studio") == true)
  }

  @Test("a file is written over at most every 0.7 seconds, and at the end")
  func file() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/p.png"
      var preview = try Preview(.file(path))
      try preview.show(Self.picture)
      #expect(try Picture(contentsOf: path).height == 8)
      let other = Self.picture.resized(width: 2, height: 4)
      try preview.show(other)
      #expect(try Picture(contentsOf: path).height == 8)
      try preview.show(other, isLast: true)
      #expect(try Picture(contentsOf: path).height == 4)
    }
  }

  @Test("kitty gets a PNG in pieces that fit, which can be put together again")
  func kitty() throws {
    // Numbers that no compression finds a pattern in.
    var state: UInt32 = 1
    let noise = Picture(
      width: 90, height: 90,
      colour: (0..<24300).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(state >> 8) / 0x1p24
      })
    let text = try TerminalPicture(noise, .kitty).drawing(isFirst: true, isLast: false)
    let pieces = text.matches(of: /\x1b_G([^;]*);([^\x1b]*)\x1b\\/)
    #expect(pieces.count > 2 && pieces.allSatisfy { $0.2.utf8.count <= 4096 })
    #expect(pieces.last!.1 == "m=0" && pieces.dropLast().allSatisfy { $0.1.hasSuffix("m=1") })
    let bytes = try #require(Data(base64Encoded: pieces.map { String($0.2) }.joined()))
    #expect(try Picture(decoding: Array(bytes), path: "").width == 90)
  }

  @Test("iTerm2 gets a PNG")
  func iterm() throws {
    let text = try TerminalPicture(Self.picture, .iterm2).drawing(isFirst: false, isLast: true)
    let match = try #require(text.firstMatch(of: /\x1b\]1337;File=inline=1;[^:]*:([^\x07]*)\x07/))
    let bytes = try #require(Data(base64Encoded: String(match.1)))
    #expect(try Picture(decoding: Array(bytes), path: "") == Self.picture)
  }

  @Test("sixels are six rows at a time, in the picture's colours, with runs counted")
  func sixel() throws {
    let text = try TerminalPicture(Self.picture, .sixel).drawing(isFirst: false, isLast: false)
    let match = try #require(text.firstMatch(of: /\x1bPq"1;1;4;8(#.*)\x1b\\/))
    let body = match.1.split(separator: "#215;2;100;100;100").last ?? ""
    // Four rows of red and two of blue, then two of blue; ~ would be all six.
    #expect(body == "#5!4o$#180!4N-#5!4B-")
  }
}
