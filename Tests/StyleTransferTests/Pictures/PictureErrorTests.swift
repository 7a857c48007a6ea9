import Testing

@testable import StyleTransfer

@Suite("PictureError")
struct PictureErrorTests {
  static let all: [(error: PictureError, kind: StyleTransferError.Kind, names: [String])] = [
    (.missing(path: "a.png"), .missingInput, ["a.png"]),
    (.folder(path: "a"), .missingInput, ["'a'"]),
    (.unreadable(path: "a.png", reason: "Permission denied"), .missingInput, ["a.png", "Permission denied"]),
    (.empty(path: "a.png"), .badData, ["a.png"]),
    (.unknownKind(path: "a.png"), .badData, ["a.png", "PNG", "JPEG"]),
    (
      .damaged(path: "a.png", format: .png, reason: "IDAT: CRC error"), .badData,
      ["a.png", "IDAT: CRC error"]
    ),
    (
      .missingLibrary(path: "a.webp", reason: "libwebp is not installed"), .missingInput,
      ["a.webp", "libwebp is not installed"]
    ),
    (.tooLarge(path: "a.png", width: 9, height: 8), .badData, ["a.png", "9×8", "\(Picture.pixelLimit)"]),
    (.fileTooLong(path: "a.png", limit: 77), .badData, ["a.png", "77"]),
    (.unknownEnding(path: "a.gif"), .cannotWrite, ["a.gif", ".png, .jpg, .jpeg"]),
    (.outputIsNotAFile(path: "a.png"), .cannotWrite, ["a.png"]),
    (.missingOutputFolder(path: "b/a.png", folder: "b"), .cannotWrite, ["b/a.png", "'b'"]),
    (
      .notWritable(path: "a.png", reason: "No space left on device"), .cannotWrite,
      ["a.png", "No space left"]
    ),
    (
      .notEncodable(format: .jpeg, width: 7, height: 6, reason: "too wide"), .cannotWrite,
      ["7×6", "JPEG", "too wide"]
    ),
  ]

  @Test("each is one sentence with the value at fault, and tells its kind")
  func sentences() {
    for (error, kind, names) in Self.all {
      let text = "\(error)"
      #expect(error.kind == kind)
      #expect(names.allSatisfy(text.contains), "\(text)")
      #expect(!text.hasSuffix(".") && !text.contains(". ") && !text.contains("\n"), "\(text)")
    }
  }
}
