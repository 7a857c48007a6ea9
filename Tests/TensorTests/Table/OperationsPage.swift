import Foundation
import Tensor
import TestSupport
import Testing

/// `docs/operations.md`: the operation table for readers.
enum OperationsPage {
  static let file = FixtureFile.packageRoot.appending(path: "docs/operations.md")

  static func text() throws -> String {
    let cases = Dictionary(grouping: OperationCases<Double>.all, by: \.operation)
    var operations: [PublicOperation] = []
    // One row for all forms of an operation in a file; the first one speaks for them.
    for operation in try PublicOperation.all()
    where !operations.contains(where: { $0.name == operation.name && $0.file == operation.file }) {
      operations.append(operation)
    }
    var lines = [introduction(count: Set(operations.map(\.name)).count, cases: cases.values.joined().count)]
    for (folder, title) in [("Operations", "Operations"), ("LinearAlgebra", "Linear algebra")] {
      lines += ["## \(title)", "", "| operation | what it gives | shapes | derivative | checked |"]
      lines += ["| --- | --- | --- | --- | --- |"]
      for operation in operations where operation.file.hasPrefix(folder + "/") {
        let cases = cases[operation.name] ?? []
        let cells = [
          "`\(operation.name)`", operation.summary, shapes(cases),
          operation.derivative ?? byComposition(cases),
          checked(cases),
        ]
        lines.append("| " + cells.map(cell).joined(separator: " | ") + " |")
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private static func introduction(count: Int, cases: Int) -> String {
    """
    # Operations

    The \(count) public operations of `Tensor`, by file. `make reference` writes this page from the sources and from
    the table of \(cases) cases that the tests walk, and a test fails when it is old.

    *Shapes* are those of some of the operation's cases. G is the gradient with respect to the result. *Checked*: in
    every case the value is compared with PyTorch's in `Float` and in `Double`, for contiguous, strided and repeated
    inputs; 1 and 2 stand for the first and second derivative, compared with central differences along random
    directions and asserted not to be zero.

    """
  }

  /// Inputs and result of up to three cases of different ranks, the simplest first.
  private static func shapes(_ cases: [OperationCase<Double>]) -> String {
    var seen: Set<[Int]> = []
    var shown: [String] = []
    for c in cases where shown.count < 3 && !c.inputs.contains(where: { $0.shape.contains(0) }) {
      guard c.inputs.allSatisfy({ $0.shape.reduce(1, *) <= 1000 }) else { continue }
      guard seen.insert(c.inputs.map(\.shape.count)).inserted else { continue }
      let result = c.apply(c.tensors).shape
      shown.append("\(c.inputs.map { "\($0.shape)" }.joined(separator: ", ")) → \(result)")
    }
    return shown.joined(separator: "; ")
  }

  private static func byComposition(_ cases: [OperationCase<Double>]) -> String {
    cases.contains { $0.derivatives == .checked } ? "of what it is composed of" : "none"
  }

  private static func checked(_ cases: [OperationCase<Double>]) -> String {
    if cases.contains(where: { $0.derivatives == .checked }) { return "1, 2" }
    for c in cases {
      if case .checkedOnce(let reason) = c.derivatives { return "1; \(reason)" }
    }
    for c in cases {
      if case .zero(let reason) = c.derivatives { return "is 0; \(reason)" }
    }
    for c in cases where !c.inputs.contains(where: { $0.shape.contains(0) }) {
      if case .unchecked(let reason) = c.derivatives { return "value; \(reason)" }
    }
    return "value"
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

@Suite("OperationsPage")
struct OperationsPageTests {
  @Test("docs/operations.md is what the operation table says")
  func isCurrent() throws {
    let text = try OperationsPage.text()
    if ProcessInfo.processInfo.environment["WRITE_OPERATIONS_PAGE"] != nil {
      try Data(text.utf8).write(to: OperationsPage.file)
    }
    let page = String(decoding: try Data(contentsOf: OperationsPage.file), as: UTF8.self)
    #expect(page == text, "run 'make reference' and commit docs/operations.md")
  }

  @Test("every operation is described")
  func descriptions() throws {
    let operations = try PublicOperation.all()
    #expect(operations.filter { $0.summary.isEmpty }.map(\.name) == [])
    #expect(try #require(operations.first { $0.name == "exp" }).derivative == "d/dx = exp(x).")
  }
}
