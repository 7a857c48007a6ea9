/// A plot made of characters, for a terminal: shaded bands, lines of Braille dots and marked points over axes
/// with their numbers.
///
/// ```swift
/// var plot = TerminalPlot(x: 0...6.3, y: -1...1)
/// plot.line(x: times, y: times.map(sin))
/// print(plot)
/// ```
public struct TerminalPlot {
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>
  private let columns: Int
  private let rows: Int
  /// Eight Braille dots a cell, two across and four down.
  private var dots: [UInt8]
  /// What stands in a cell in place of its dots.
  private var marks: [Character?]
  private var isShaded: [Bool]

  /// An empty plot of the given ranges.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int = 72, rows: Int = 18) {
    (self.x, self.y, self.columns, self.rows) = (x, y, columns, rows)
    dots = Array(repeating: 0, count: columns * rows)
    marks = Array(repeating: nil, count: columns * rows)
    isShaded = Array(repeating: false, count: columns * rows)
  }

  /// The line through points of ascending `x`.
  public mutating func line(x: [Double], y: [Double]) {
    var last: Int?
    for column in 0..<2 * columns {
      guard let height = Self.value(at: position(column, of: 2 * columns), x, y) else { continue }
      let dot = dotRow(height)
      // All dots between neighbours, so that a steep line has no gaps.
      for row in stride(from: last ?? dot, through: dot, by: (last ?? dot) <= dot ? 1 : -1) {
        setDot(column, row)
      }
      last = dot
    }
  }

  /// A closed or winding line: a dot at every point.
  public mutating func path(x: [Double], y: [Double]) {
    for (x, y) in zip(x, y) {
      setDot(Int(((x - self.x.lowerBound) / width * Double(2 * columns)).rounded(.down)), dotRow(y))
    }
  }

  /// A shade between two lines over points of ascending `x`.
  public mutating func band(x: [Double], from lower: [Double], to upper: [Double]) {
    for column in 0..<columns {
      let place = position(column, of: columns)
      guard let low = Self.value(at: place, x, lower), let high = Self.value(at: place, x, upper) else {
        continue
      }
      for row in 0..<rows {
        let height = self.y.upperBound - (Double(row) + 0.5) / Double(rows) * self.height
        if height >= low && height <= high { isShaded[row * columns + column] = true }
      }
    }
  }

  /// A mark at each point within the plot.
  public mutating func points(x: [Double], y: [Double], mark: Character = "●") {
    for (x, y) in zip(x, y) where self.x.contains(x) && self.y.contains(y) {
      let column = min(Int((x - self.x.lowerBound) / width * Double(columns)), columns - 1)
      let row = min(Int((self.y.upperBound - y) / height * Double(rows)), rows - 1)
      marks[row * columns + column] = mark
    }
  }

  private var width: Double { x.upperBound - x.lowerBound }
  private var height: Double { y.upperBound - y.lowerBound }

  private func position(_ column: Int, of count: Int) -> Double {
    x.lowerBound + (Double(column) + 0.5) / Double(count) * width
  }

  private func dotRow(_ value: Double) -> Int {
    // Far beyond the plot a steep line would have more dots than can be counted.
    let row = ((y.upperBound - value) / height * Double(4 * rows)).rounded(.down)
    return Int(min(max(row, -1), Double(4 * rows)))
  }

  private mutating func setDot(_ column: Int, _ row: Int) {
    guard 0..<2 * columns ~= column, 0..<4 * rows ~= row else { return }
    // The bits of Unicode's Braille patterns, by column and row of the dot.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    dots[row / 4 * columns + column / 2] |= bits[column % 2][row % 4]
  }

  /// Between the points, on the straight line from one to the next.
  private static func value(at place: Double, _ x: [Double], _ y: [Double]) -> Double? {
    guard let next = x.firstIndex(where: { $0 >= place }) else { return nil }
    if x[next] == place { return y[next] }
    if next == 0 { return nil }
    let share = (place - x[next - 1]) / (x[next] - x[next - 1])
    return y[next - 1] + share * (y[next] - y[next - 1])
  }
}

extension TerminalPlot: CustomStringConvertible {
  /// The plot, a line of text for each row.
  public var description: String {
    var lines: [String] = []
    for row in 0..<rows {
      let label = row == 0 ? y.upperBound : row == rows - 1 ? y.lowerBound : nil
      let cells = (0..<columns).map { cell(row * columns + $0) }
      lines.append(Self.right(label.map(Self.short) ?? "", 7) + " ┤" + String(cells))
    }
    let (first, last) = (Self.short(x.lowerBound), Self.short(x.upperBound))
    let gap = String(repeating: " ", count: max(columns - first.count - last.count, 1))
    lines.append(String(repeating: " ", count: 8) + "└" + String(repeating: "─", count: columns))
    lines.append(String(repeating: " ", count: 9) + first + gap + last)
    return lines.joined(separator: "\n")
  }

  private func cell(_ index: Int) -> Character {
    if let mark = marks[index] { return mark }
    if dots[index] != 0 { return Character(Unicode.Scalar(0x2800 + UInt32(dots[index]))!) }
    return isShaded[index] ? "░" : " "
  }

  private static func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
