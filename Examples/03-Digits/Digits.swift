import Tensor

/// Pictures of digits, drawn from a small font and then moved, turned, slanted, scaled and strewn with noise.
struct Digits {
  /// Pixels a side.
  static let side = 16

  /// [N, side · side], about 0 for paper and 1 for ink.
  let pictures: Tensor<Float>
  /// Which digit each picture shows, [N].
  let labels: Tensor<Int64>

  /// N.
  var count: Int { labels.count }

  /// `count` digits, as many of each, in an order that the generator chooses.
  init(count: Int, using random: inout RandomGenerator) {
    let labels = (0..<count).map { $0 % 10 }.shuffled(using: &random)
    let ink = labels.flatMap { Self.drawn($0, using: &random) }
    let shape = [count, Self.side * Self.side]
    pictures = Tensor(ink, shape: shape) + Tensor.normal(shape, standardDeviation: 0.15, using: &random)
    self.labels = Tensor(integers: labels)
  }

  private static func drawn(_ digit: Int, using random: inout RandomGenerator) -> [Float] {
    let (moveX, moveY) = (
      Float.random(in: -1.5...1.5, using: &random), Float.random(in: -1.5...1.5, using: &random)
    )
    let (turn, slant) = (
      Float.random(in: -0.2...0.2, using: &random), Float.random(in: -0.2...0.2, using: &random)
    )
    let size = Float.random(in: 1.5...1.9, using: &random)
    var pixels: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        // Where in the font's 5×7 cells the pixel lies.
        let (x, y) = (Float(column) - 7.5 - moveX, Float(row) - 7.5 - moveY)
        let (across, down) = (x + turn * y + slant * y, y - turn * x)
        pixels.append(ink(digit, across / size + 2, down / size + 3))
      }
    }
    return pixels
  }

  /// The font's ink at a place between its cells, which are whole numbers.
  private static func ink(_ digit: Int, _ x: Float, _ y: Float) -> Float {
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (right, below) = (x - Float(column), y - Float(row))
    func cell(_ column: Int, _ row: Int) -> Float {
      guard 0..<5 ~= column, 0..<7 ~= row else { return 0 }
      return font[digit][row] >> (4 - column) & 1 == 1 ? 1 : 0
    }
    let top = (1 - right) * cell(column, row) + right * cell(column + 1, row)
    let bottom = (1 - right) * cell(column, row + 1) + right * cell(column + 1, row + 1)
    return (1 - below) * top + below * bottom
  }

  /// Rows of five cells, the leftmost in the highest of five bits.
  private static let font: [[Int]] = [
    [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
    [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    [0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111],
    [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
    [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
    [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
  ]

  /// The pictures at `indices` side by side, two pixels to a character.
  func drawing(_ indices: some Sequence<Int>) -> String {
    let side = Self.side
    let pictures = indices.map { self.pictures[$0].scalars }
    let lines = stride(from: 0, to: side, by: 2).map { row in
      pictures.map { picture in
        String(
          (0..<side).map { column in
            let (upper, lower) = (
              picture[row * side + column] > 0.4, picture[(row + 1) * side + column] > 0.5
            )
            return upper ? (lower ? "█" : "▀") as Character : lower ? "▄" : " "
          })
      }.joined(separator: " ")
    }
    return lines.joined(separator: "\n")
  }
}
