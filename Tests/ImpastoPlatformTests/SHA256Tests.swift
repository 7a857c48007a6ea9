import Foundation
import TestSupport
import Testing

@testable import ImpastoPlatform

@Suite("SHA256")
struct SHA256Tests {
  @Test(
    "the examples of FIPS 180-4 and of NIST's test vectors",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func vectors(text: String, expected: String) {
    #expect(Self.digest([Array(text.utf8)]) == expected)
  }

  @Test("a million times the letter a")
  func million() {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(Self.digest([bytes]) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("the digest does not depend on how the bytes are cut, around every border of a block")
  func pieces() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for count in 0...300 {
      let whole = Self.digest([Array(bytes[..<count])])
      for first in [1, 63, 64, 65, 127, 128] where first < count {
        #expect(Self.digest([Array(bytes[..<first]), [], Array(bytes[first..<count])]) == whole)
      }
    }
  }

  @Test("a file's digest is that of its bytes, and a missing file or a folder is an error")
  func file() throws {
    let path = FixtureFile.folder.appending(path: "serialization/legacy.pth").path(percentEncoded: false)
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    #expect(try SHA256.digest(ofFile: path) == Self.digest([bytes]))
    #expect(
      inputError { _ = try SHA256.digest(ofFile: path + ".none") } == InputFileError(path + ".none", .missing)
    )
    let folder = FixtureFile.folder.path(percentEncoded: false)
    #expect(inputError { _ = try SHA256.digest(ofFile: folder) } == InputFileError(folder, .folder))
  }

  private static func digest(_ pieces: [[UInt8]]) -> String {
    var digest = SHA256()
    for piece in pieces { digest.update(piece) }
    return digest.finish()
  }
}
