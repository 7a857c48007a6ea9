import ArgumentParser
import Foundation
import StyleTransfer

/// The picture as it grows, in a file that is written over or in a terminal that shows pictures.
struct Preview {
  /// Where it is shown.
  enum Kind: Equatable {
    case file(String)
    case terminal(TerminalPicture.Language)

    /// The kind that an argument names; terminals are never guessed at, since one that does not know the language would
    /// be filled with letters.
    ///
    /// - Throws: `ValidationError` for what is neither.
    init(parsing text: String) throws {
      if let language = TerminalPicture.Language(rawValue: text.lowercased()) {
        self = .terminal(language)
      } else if PictureFormat(endingOf: text) != nil {
        self = .file(text)
      } else {
        throw ValidationError(
          "--preview '\(text)': a file such as preview.png, which is written over, or the language that your terminal "
            + "shows pictures by (kitty, iterm2 or sixel) is needed; in any browser 'impasto studio' shows the picture "
            + "as it grows")
      }
    }
  }

  private let kind: Kind
  private var last: ContinuousClock.Instant?
  private var isBegun = false

  /// The shortest time from one picture to the next, since each takes a moment itself.
  private static let interval = Duration.milliseconds(700)

  /// - Throws: `ValidationError` for a terminal where there is none, ``PictureError`` for a file that cannot be written.
  init(_ kind: Kind) throws {
    self.kind = kind
    switch kind {
    case .file(let path): try Picture.checkWritable(path)
    case .terminal(let language):
      if !Terminal.isInteractive {
        throw ValidationError(
          "--preview \(language.rawValue): there is no terminal to show pictures in; 'impasto studio' shows them in a "
            + "browser, and --preview FILE.png in a file")
      }
    }
  }

  /// Shows a picture, unless the last one was shown just now.
  mutating func show(_ picture: @autoclosure () throws -> Picture, isLast: Bool = false) throws {
    if !isLast, let last, ContinuousClock.now - last < Self.interval { return }
    defer { last = .now }
    switch kind {
    case .file(let path): try picture().write(to: path)
    case .terminal(let language):
      let picture = try picture()
      Terminal.endLine(erasing: true)
      Terminal.write(try TerminalPicture(picture, language).drawing(isFirst: !isBegun, isLast: isLast))
      isBegun = true
    }
  }
}

/// A picture in the language of a terminal.
struct TerminalPicture {
  /// How terminals are told of pictures.
  enum Language: String, CaseIterable {
    /// PNG in graphics commands: kitty, Ghostty, WezTerm, Konsole.
    case kitty
    /// A file inside of an operating system command: iTerm2, WezTerm, VS Code.
    case iterm2
    /// Six rows of dots at a time: xterm -ti vt340, foot, mlterm, Windows Terminal.
    case sixel
  }

  private let picture: Picture
  private let language: Language

  /// Rows of text that the picture takes, and the dots that they are taken for.
  private static let (rows, dots) = (16, 320)

  init(_ picture: Picture, _ language: Language) {
    let picture = picture.overWhite
    let scale = min(
      Double(Self.dots) / Double(picture.height), 2 * Double(Self.dots) / Double(picture.width), 1)
    self.picture = picture.resized(
      width: max(1, Int((Double(picture.width) * scale).rounded())),
      height: max(1, Int((Double(picture.height) * scale).rounded())))
    self.language = language
  }

  /// What draws the picture below the line where the cursor is, and leaves the cursor there; the last one leaves it below.
  func drawing(isFirst: Bool, isLast: Bool) throws -> String {
    // Room first: a picture at the lower edge would make the screen roll, and the way back would be another.
    let room = isFirst ? String(repeating: "\n", count: Self.rows + 1) + "\u{1B}[\(Self.rows + 1)A" : ""
    let below = isLast ? "\u{1B}[\(Self.rows + 1)B\r" : ""
    return try room + "\u{1B}7\r\u{1B}[1B" + body() + "\u{1B}8" + below
  }

  private func body() throws -> String {
    switch language {
    case .kitty:
      let data = Data(try picture.encoded(as: .png)).base64EncodedString()
      // A number of its own, so that the one before is replaced.
      return "\u{1B}_Ga=d,d=I,i=\(Self.number),q=2\u{1B}\\"
        + Self.chunks(of: data).enumerated().map { index, chunk in
          let first = index == 0 ? "a=T,f=100,i=\(Self.number),q=2,C=1,r=\(Self.rows)," : ""
          let isMore = (index + 1) * Self.chunkSize < data.utf8.count
          return "\u{1B}_G\(first)m=\(isMore ? 1 : 0);\(chunk)\u{1B}\\"
        }.joined()
    case .iterm2:
      let data = Data(try picture.encoded(as: .png)).base64EncodedString()
      return "\u{1B}]1337;File=inline=1;height=\(Self.rows);preserveAspectRatio=1:\(data)\u{07}"
    case .sixel: return sixels
    }
  }

  private static let number = 8377
  private static let chunkSize = 4096

  private static func chunks(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: chunkSize).map {
      String(decoding: bytes[$0..<min($0 + chunkSize, bytes.count)], as: UTF8.self)
    }
  }

  /// Six rows at a time, a layer for each of 216 colours, with runs counted.
  private var sixels: String {
    let (width, height) = (picture.width, picture.height)
    let plane = width * height
    let indices = (0..<plane).map { pixel -> Int in
      (0..<3).reduce(0) { sum, channel in
        // Ordered dither: flat colours of a cube of six would stand in stripes.
        let threshold = [0.0, 0.5, 0.75, 0.25][(pixel / width % 2) * 2 + pixel % width % 2] - 0.375
        let value = Double(min(max(picture.colour[channel * plane + pixel], 0), 1)) * 5 + threshold * 0.8
        return sum * 6 + Int(min(max(value.rounded(), 0), 5))
      }
    }
    var text = "\u{1B}Pq\"1;1;\(width);\(height)"
    for colour in 0..<216 {
      text += "#\(colour);2;\(colour / 36 * 20);\(colour / 6 % 6 * 20);\(colour % 6 * 20)"
    }
    for top in stride(from: 0, to: height, by: 6) {
      let used = Set((top..<min(top + 6, height)).flatMap { y in indices[y * width..<(y + 1) * width] })
        .sorted()
      let layers = used.map { colour in
        let columns = (0..<width).map { x in
          (0..<min(6, height - top)).reduce(0) { bits, row in
            indices[(top + row) * width + x] == colour ? bits | 1 << row : bits
          }
        }
        return "#\(colour)" + Self.runs(columns)
      }
      text += layers.joined(separator: "$") + "-"
    }
    return text + "\u{1B}\\"
  }

  private static func runs(_ columns: [Int]) -> String {
    var (text, index) = ("", 0)
    while index < columns.count {
      var end = index
      while end < columns.count, columns[end] == columns[index] { end += 1 }
      let letter = String(UnicodeScalar(UInt8(63 + columns[index])))
      text += end - index > 3 ? "!\(end - index)\(letter)" : String(repeating: letter, count: end - index)
      index = end
    }
    return text
  }
}
