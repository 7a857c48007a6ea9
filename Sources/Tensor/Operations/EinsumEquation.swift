/// An equation of `einsum`, read but not yet applied to shapes.
struct EinsumEquation {
  /// A letter or `...` and its place in the text, counted from 1.
  struct Symbol {
    /// `nil` for `...`.
    let letter: Character?
    let place: Int
  }

  let text: String
  let operands: [[Symbol]]
  /// `nil` where the equation has no arrow.
  let output: [Symbol]?

  init(_ text: String) {
    self.text = text
    let characters = Array(text)
    var operands: [[Symbol]] = [[]]
    var output: [Symbol]?
    var index = 0
    func fail(_ message: String) -> Never { Self.fail(text, at: index + 1, message) }
    while index < characters.count {
      let character = characters[index]
      var symbol: Symbol?
      switch character {
      case " ": break
      case ",":
        if output != nil { fail("a comma after the arrow") }
        operands.append([])
      case "-":
        guard index + 1 < characters.count, characters[index + 1] == ">" else {
          fail("'-' is not part of '->'")
        }
        if output != nil { fail("a second arrow") }
        output = []
        index += 1
      case ".":
        guard characters[index...].starts(with: "...") else { fail("'.' is not part of '...'") }
        if (output ?? operands.last!).contains(where: { $0.letter == nil }) { fail("a second '...'") }
        symbol = Symbol(letter: nil, place: index + 1)
        index += 2
      case _ where character.isASCII && character.isLetter:
        symbol = Symbol(letter: character, place: index + 1)
      default: fail("'\(character)' is neither a letter nor '...'")
      }
      if let symbol {
        if output != nil { output!.append(symbol) } else { operands[operands.count - 1].append(symbol) }
      }
      index += 1
    }
    self.operands = operands
    self.output = output
  }

  /// Traps with the place in the text that is at fault.
  static func fail(_ text: String, at place: Int, _ message: String) -> Never {
    ShapeCheck.fail("einsum: character \(place) of \"\(text)\": \(message)")
  }

  func fail(at symbol: Symbol, _ message: String) -> Never { Self.fail(text, at: symbol.place, message) }
}

/// The axes of an equation's operands and result: equal numbers stand for one axis.
struct EinsumAxes {
  /// A letter, by its code, or an axis that `...` stands for, by its place from the back: −1 is the last.
  typealias Label = Int

  private(set) var operands: [[Label]] = []
  private(set) var output: [Label] = []
  private(set) var lengths: [Label: Int] = [:]

  /// The labels of operands of `shapes`. An axis of length 1 broadcasts.
  init(_ equation: EinsumEquation, _ shapes: [Shape]) {
    ShapeCheck.require(equation.operands.count == shapes.count) {
      "einsum: \"\(equation.text)\" has \(equation.operands.count) operands, \(shapes.count) are given"
    }
    for (number, (symbols, shape)) in zip(equation.operands, shapes).enumerated() {
      addOperand(equation, symbols, shape, number)
    }
    if let symbols = equation.output {
      setOutput(equation, symbols)
    } else {
      // The letters that occur once, in their order, after what `...` stands for.
      let all = operands.flatMap { $0 }
      output = lengths.keys.sorted().filter { label in label < 0 || all.count { $0 == label } == 1 }
    }
  }

  private mutating func addOperand(
    _ equation: EinsumEquation, _ symbols: [EinsumEquation.Symbol], _ shape: Shape, _ number: Int
  ) {
    let letters = symbols.count { $0.letter != nil }
    let hidden = shape.count - letters
    ShapeCheck.require(hidden == 0 || hidden > 0 && letters < symbols.count) {
      "einsum: operand \(number) of \"\(equation.text)\" has \(letters) letters, its shape \(shape) has "
        + "\(shape.count) axes"
    }
    var labels: [Label] = []
    for symbol in symbols {
      guard let letter = symbol.letter else {
        for label in -hidden..<0 {
          add(equation, symbol, "an axis of '...'", label, shape[labels.count])
          labels.append(label)
        }
        continue
      }
      let label = Int(letter.asciiValue!)
      let length = shape[labels.count]
      add(equation, symbol, "'\(letter)'", label, length)
      if let first = labels.firstIndex(of: label), shape[first] != length {
        equation.fail(
          at: symbol, "'\(letter)' has the lengths \(shape[first]) and \(length) in the shape \(shape)")
      }
      labels.append(label)
    }
    operands.append(labels)
  }

  private mutating func add(
    _ equation: EinsumEquation, _ symbol: EinsumEquation.Symbol, _ name: String, _ label: Label, _ length: Int
  ) {
    let known = lengths[label] ?? 1
    if known != 1, length != 1, known != length {
      equation.fail(at: symbol, "\(name) has the length \(length) here and \(known) before")
    }
    lengths[label] = known == 1 ? length : known
  }

  private mutating func setOutput(_ equation: EinsumEquation, _ symbols: [EinsumEquation.Symbol]) {
    for symbol in symbols {
      guard let letter = symbol.letter else {
        output += lengths.keys.filter { $0 < 0 }.sorted()
        continue
      }
      let label = Int(letter.asciiValue!)
      if lengths[label] == nil { equation.fail(at: symbol, "'\(letter)' is in no operand") }
      if output.contains(label) { equation.fail(at: symbol, "'\(letter)' is twice in the result") }
      output.append(label)
    }
  }
}
