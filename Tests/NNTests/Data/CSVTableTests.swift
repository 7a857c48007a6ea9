import Foundation
import NN
import Tensor
import TestSupport
import Testing

@Suite("CSVTable") struct CSVTableTests {
  private func table(
    _ text: String, separator: Character = ",", hasHeader: Bool = true
  ) throws -> CSVTable {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "x.csv")
      try Data(text.utf8).write(to: file)
      return try CSVTable(contentsOf: file.path, separator: separator, hasHeader: hasHeader)
    }
  }

  private func message(_ text: String, _ body: (CSVTable) throws -> Void = { _ in }) -> String {
    do {
      try body(try table(text))
      return "none"
    } catch { return "\(error)".replacing(#/^.*x\.csv: /#, with: "") }
  }

  @Test("CSVTable: columns are read by name as numbers, texts and classes")
  func columns() throws {
    let table = try table("\u{FEFF}a,kind, b \r\n1,cat,-2e3\r\n\r\n0.5,dog, 4\r\n.25,cat,5\r\n")
    #expect(table.columns == ["a", "kind", " b "] && table.rowCount == 3)
    let x: Tensor<Double> = try table.tensor([" b ", "a"])
    #expect(x.shape == [3, 2] && x.scalars == [-2000, 1, 4, 0.5, 5, 0.25])
    #expect(try table.texts("kind") == ["cat", "dog", "cat"])
    let (labels, names) = try table.classes("kind")
    #expect(labels.scalars == [0, 1, 0] && names == ["cat", "dog"])
  }

  @Test("CSVTable: quoted fields hold separators, quotes and line ends")
  func quotes() throws {
    let table = try table("n;t\n1;\"a;b\"\n2;\"say \"\"no\"\"\"\r\n3;\"two\nlines\"\n4;\n5;é", separator: ";")
    #expect(try table.texts("t") == ["a;b", "say \"no\"", "two\nlines", "", "é"])
    #expect(try table.tensor(["n"], as: Float.self).scalars == [1, 2, 3, 4, 5])
  }

  @Test("CSVTable: without a header columns are numbered, and all are the tensor")
  func numbered() throws {
    let table = try table("1,2\n3,4", hasHeader: false)
    #expect(table.columns == ["0", "1"])
    #expect(try table.tensor(as: Double.self).scalars == [1, 2, 3, 4])
  }

  @Test("CSVTable: what is missing is an error, or NaN where that is asked for")
  func missing() throws {
    let text = "a,b\n1,\n2,NA\n3,4\n"
    let numbers: Tensor<Double> = try table(text).tensor(["b"], allowsMissing: true)
    #expect(numbers.scalars.map(\.isNaN) == [true, true, false])
    #expect(
      message(text) { _ = try $0.tensor(as: Double.self) }
        == "line 2: the field \"\" of column 'b' is missing; allow missing numbers, which become NaN, or leave the row out"
    )
  }

  @Test("CSVTable: says what is wrong, and in which line")
  func damaged() {
    #expect(
      message("a,b\n1,2\n\n3\n")
        == "line 4 has 1 fields, the first line has 2; quote fields that contain the separator \",\", or name another one"
    )
    #expect(message("a\n\"x\ny\n") == "line 2: a quoted field has no end")
    #expect(message("a\n\"x\ny\"z\n") == "line 3: a quoted field does not end where its quotes do")
    #expect(message("\n\n") == "there is no line in it")
    #expect(message("a,a\n").hasPrefix("two columns are called \"a\""))
    #expect(message("a,b\n") { _ = try $0.texts("c") } == "there is no column \"c\"; it has 'a', 'b'")
    #expect(
      message("a\nx1\n") { _ = try $0.tensor(as: Float.self) }
        == "line 2: the field \"x1\" of column 'a' is no number; read it with texts(_:) or classes(_:)")
  }
}
