import Foundation
import NN
import Tensor
import TestSupport
import Testing

@Suite("TrainingLog") struct TrainingLogTests {
  private func text(_ folder: URL, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  @Test("TrainingLog: writes a table or lines of JSON, each figure so that it is read back to the bit")
  func formats() throws {
    try withTemporaryFolder { folder in
      for name in ["run.csv", "run.jsonl"] {
        let log = try TrainingLog(path: folder.appending(path: name).path)
        try log.write(["step": 1, "loss": 0.1 + 0.2])
        // What was written is there while the log is open.
        #expect(try text(folder, name).split(separator: "\n").count == (name == "run.csv" ? 2 : 1))
        try log.write(["step": 2, "loss": .nan])
      }
      #expect(try text(folder, "run.csv") == "step,loss\n1,0.30000000000000004\n2,nan\n")
      #expect(
        try text(folder, "run.jsonl")
          == "{\"step\":1,\"loss\":0.30000000000000004}\n{\"step\":2,\"loss\":null}\n")
      let table = try CSVTable(contentsOf: folder.appending(path: "run.csv").path)
      #expect(try table.tensor(["loss"], as: Double.self).scalars[0] == 0.1 + 0.2)
    }
  }

  @Test("TrainingLog: does not write over a file, and goes on in one where that is asked for")
  func existing() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "run.csv").path
      try TrainingLog(path: path).write(["a\u{300}": 1, "b": -0.5])
      let error = #expect(throws: SerializationError.self) { _ = try TrainingLog(path: path) }
      #expect(error?.cause == "the file is there already")
      try TrainingLog(path: path, appending: true).write(["a\u{300}": 1e300, "b": 2])
      #expect(try text(folder, "run.csv") == "a\u{300},b\n1,-0.5\n1e+300,2\n")
      let fresh = folder.appending(path: "new.jsonl").path
      try TrainingLog(path: fresh, appending: true).write(["say \"x\"\n": 3])
      #expect(try text(folder, "new.jsonl") == "{\"say \\\"x\\\"\\u000a\":3}\n")
      #expect(throws: SerializationError.self) {
        _ = try TrainingLog(path: folder.appending(path: "none/run.csv").path)
      }
    }
  }
}
