import Testing

@testable import StyleApp

@Suite("PictureError")
struct PictureErrorTests {
  static let all: [(error: PictureError, status: Int32, names: [String])] = [
    (.missing(path: "a.png"), 66, ["a.png"]),
    (.folder(path: "a"), 66, ["'a'"]),
    (.unreadable(path: "a.png", reason: "Permission denied"), 66, ["a.png", "Permission denied"]),
    (.empty(path: "a.png"), 65, ["a.png"]),
    (.unknownKind(path: "a.png"), 65, ["a.png", "PNG", "JPEG"]),
    (.damaged(path: "a.png", format: .png, reason: "IDAT: CRC error"), 65, ["a.png", "IDAT: CRC error"]),
    (.tooLarge(path: "a.png", width: 9, height: 8), 65, ["a.png", "9×8", "\(Picture.pixelLimit)"]),
    (.fileTooLong(path: "a.png", limit: 77), 65, ["a.png", "77"]),
    (.unknownEnding(path: "a.gif"), 73, ["a.gif", ".png, .jpg or .jpeg"]),
    (.outputIsNotAFile(path: "a.png"), 73, ["a.png"]),
    (.missingOutputFolder(path: "b/a.png", folder: "b"), 73, ["b/a.png", "'b'"]),
    (.notWritable(path: "a.png", reason: "No space left on device"), 73, ["a.png", "No space left"]),
    (.notEncodable(format: .jpeg, width: 7, height: 6, reason: "too wide"), 73, ["7×6", "JPEG", "too wide"]),
  ]

  @Test("each is one sentence with the value at fault, and has its exit status")
  func sentences() {
    for (error, status, names) in Self.all {
      let text = "\(error)"
      #expect(error.exitStatus == status)
      #expect(names.allSatisfy(text.contains), "\(text)")
      #expect(!text.hasSuffix(".") && !text.contains(". ") && !text.contains("\n"), "\(text)")
    }
  }
}
