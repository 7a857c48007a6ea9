import Foundation
import StyleTransfer

/// What the page is told of a studio.
package struct StudioState: Encodable, Equatable, Sendable {
  /// What the studio does.
  package enum Phase: String, Encodable, Sendable {
    case idle, preparing, running, paused, ended, failed
  }

  /// A picture that is used.
  package struct Source: Encodable, Equatable, Sendable {
    package let id: String
    package let name: String
    package let width: Int
    package let height: Int

    init(_ picture: StudioPicture) {
      (id, name) = (picture.id, picture.name)
      (width, height) = (picture.picture.width, picture.picture.height)
    }
  }

  /// A place in the history to come back to.
  package struct Node: Encodable, Equatable, Sendable {
    package let id: Int
    /// The node that it came from; `nil` for a start.
    package let parent: Int?
    /// What was changed there.
    package let label: String
    package let iteration: Int
    package let side: Int
    package let loss: Double?
  }

  /// The losses of an iteration.
  package struct Point: Encodable, Equatable, Sendable {
    package let iteration: Int
    package let side: Int
    package let total: Double
    package let content: Double
    package let style: Double
    package let tv: Double

    init(_ iteration: Iteration) {
      (self.iteration, side, total) = (iteration.number, iteration.side, iteration.total)
      (content, style, tv) = (iteration.content, iteration.style, iteration.totalVariation)
    }
  }

  /// Grows with every change.
  package var version = 0
  package var phase = Phase.idle
  /// A sentence about the end, or what went wrong.
  package var message: String?
  package var kind = Recipe.Kind.transfer
  package var content: Source?
  package var styles: [Source] = []
  /// The settings as a picture carries them.
  package var settings: [String: SettingValue] = [:]
  /// What the page asked for, which it shows again after it was loaded anew.
  package var wished: String?
  package var width = 0
  package var height = 0
  package var sides: [Int] = []
  package var iterations = 0
  package var iteration: Point?
  package var evaluations = 0
  package var secondsLeft: Double?
  /// Bytes that the program has in memory, and at most will have by its plan.
  package var memory: Double?
  package var memoryPlanned: Double?
  /// Grows with every new picture.
  package var frame = 0
  package var nodes: [Node] = []
  /// The node that the present picture goes on from.
  package var node: Int?
  /// Whether some of the picture stays as it is.
  package var hasMask = false
  /// The mask that the settings have.
  package var mask: Source?
  /// Whether no iteration is left out, as after a stop.
  package var isWhole = false
  /// What waits for its turn, in words.
  package var queue: [String] = []
  /// The command that makes the picture without the studio.
  package var command: String?
  /// Which branch ``points`` are of; they begin anew with another.
  package var path = 0
  package var points: [Point] = []
}

/// A value of a setting.
package enum SettingValue: Encodable, Equatable, Sendable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([SettingValue])

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let list): try container.encode(list)
    }
  }

  /// The settings of a recipe by their flags' names.
  static func settings(_ recipe: Recipe) -> [String: SettingValue] {
    (try? JSONDecoder().decode([String: SettingValue].self, from: Data(recipe.json.utf8))) ?? [:]
  }
}

extension SettingValue: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([SettingValue].self))
    }
  }

  /// As it is typed on a command line.
  var typed: String {
    switch self {
    case .text(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    case .flag(let flag): flag ? "true" : "false"
    case .list(let list): list.map(\.typed).joined(separator: ",")
    }
  }
}
