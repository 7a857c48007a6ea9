/// The sizes that a picture grows through, with the iterations at each, as `128:40,181:20,256:28` says them.
public struct ScaleList: Equatable, Sendable {
  /// A size on the way, or the last.
  public struct Scale: Equatable, Sendable {
    /// The longer side of the picture in pixels.
    public let side: Int
    /// The iterations of the optimiser.
    public let iterations: Int

    /// A size with its iterations.
    public init(side: Int, iterations: Int) { (self.side, self.iterations) = (side, iterations) }
  }

  /// The sizes, each larger than the one before.
  public let scales: [Scale]

  /// A list of sizes, from the smallest.
  public init(_ scales: [Scale]) { self.scales = scales }

  /// The iterations of all sizes together.
  public var iterations: Int { scales.reduce(0) { $0 + $1.iterations } }
  /// The longer side of the finished picture.
  public var finalSide: Int { scales.last?.side ?? 0 }

  /// The least longer side that a pyramid starts from. Smaller, and deep layers see so little that a texture
  /// becomes a copy.
  public static let firstSide = 128

  /// The scales for a picture with the longer side `side`: from ``firstSide`` on, each √2 larger than the one
  /// before, the last as large as asked for, and `iterations` at each.
  ///
  /// A scale has half of the next one's pixels, so all of them together cost about twice the last alone.
  public static func pyramid(side: Int, iterations: Int) -> ScaleList {
    var sides = [side]
    while true {
      let next = Double(side) / Double(1 << sides.count).squareRoot()
      // 127.9 counts as 128.
      if next < Double(firstSide) - 0.5 { break }
      sides.append(Int(next.rounded()))
    }
    return ScaleList(sides.reversed().map { Scale(side: $0, iterations: iterations) })
  }
}

// MARK: - Prints

extension ScaleList {
  /// The longer side in pixels from which on a transfer is painted small first and then made finer.
  public static let printSide = 1000
  /// The longer side in pixels up to which the painting of such a picture is done.
  public static let paintedSide = 640
  /// What part of the iterations each of its larger sizes has.
  public static let finishingPart = 0.16

  /// The scales of a transfer with the longer side `side`: those of ``pyramid(side:iterations:)``, of which a picture of
  /// ``printSide`` and more has `iterations` up to ``paintedSide``, and above it a ``finishingPart`` of them.
  ///
  /// The network sees as many pixels of a large picture as of a small one, and so less of what is in it: left to paint,
  /// it would put the photograph's detail and a fine grain over strokes that it no longer sees as such. Some iterations
  /// make edges and strokes as sharp as the size allows, and leave them where they are.
  public static func painting(side: Int, iterations: Int) -> ScaleList {
    let pyramid = pyramid(side: side, iterations: iterations)
    guard side >= printSide else { return pyramid }
    let fewer = max(1, Int((finishingPart * Double(iterations)).rounded()))
    return ScaleList(
      pyramid.scales.map { Scale(side: $0.side, iterations: $0.side > paintedSide ? fewer : iterations) })
  }

  /// Whether a size of this list only makes finer what a smaller one has painted.
  func finishes(_ side: Int) -> Bool {
    finalSide >= Self.printSide && side > Self.paintedSide && side > (scales.first?.side ?? side)
  }
}

extension ScaleList: CustomStringConvertible {
  /// The list as it would be typed.
  public var description: String { scales.map { "\($0.side):\($0.iterations)" }.joined(separator: ",") }

  /// The list that a text says.
  ///
  /// - Throws: ``RecipeError`` that names the entry at fault.
  public init(parsing text: String) throws {
    var scales: [Scale] = []
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let numbers = entry.split(separator: ":", omittingEmptySubsequences: false)
        .map { Int($0.trimmingPrefix { $0 == " " }) }
      guard numbers.count == 2, let side = numbers[0], let iterations = numbers[1], side > 0, iterations > 0
      else {
        throw RecipeError(
          "--scales '\(text)': '\(entry)' is no scale; write the longer side and its iterations, such as "
            + "128:40,181:20,256:28")
      }
      guard side <= Recipe.sideLimit, iterations <= Recipe.iterationLimit else {
        throw RecipeError(
          "--scales '\(text)': '\(entry)' is beyond the limits, sides of \(Recipe.sideLimit) pixels and "
            + "\(Recipe.iterationLimit) iterations")
      }
      if let last = scales.last, last.side >= side {
        throw RecipeError("--scales '\(text)': \(side) does not grow from \(last.side)")
      }
      scales.append(Scale(side: side, iterations: iterations))
    }
    self.scales = scales
  }
}

// MARK: - In files

/// Lists travel in settings as they would be typed.
extension ScaleList: Codable {
  /// Reads the list from a text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the list as a text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension LayerList: Codable {
  /// Reads the list from a text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the list as a text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension LayerList: Equatable {
  /// Whether both lists have the same layers and weights.
  public static func == (a: LayerList, b: LayerList) -> Bool { a.description == b.description }
}
