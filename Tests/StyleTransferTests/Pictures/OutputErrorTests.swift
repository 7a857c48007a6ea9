import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Pictures that cannot be written")
struct OutputErrorTests {
  @Test("the reason is known early and again when writing, as an error that names the path")
  func reasons() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      try FileManager.default.createDirectory(atPath: folder + "/dir.png", withIntermediateDirectories: false)
      let picture = Picture(width: 1, height: 1, colour: [0, 0, 0])
      let cases: [(String, PictureError)] = [
        ("/none/out.png", .missingOutputFolder(path: folder + "/none/out.png", folder: folder + "/none")),
        ("/dir.png", .outputIsNotAFile(path: folder + "/dir.png")),
      ]
      for (name, expected) in cases {
        #expect(throws: expected) { try Picture.checkWritable(folder + name) }
        #expect(throws: expected) { try picture.write(to: folder + name) }
        #expect(expected.kind == .cannotWrite)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["dir.png"])
    }
  }
}
