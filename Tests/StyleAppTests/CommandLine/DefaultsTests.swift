import Foundation
import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

@Suite("Defaults")
struct DefaultsTests {
  @Test("--preset list shows every preset with what it is for", arguments: Preset.transfer)
  func list(_ preset: Preset) {
    #expect(Preset.list.contains("\(preset.rawValue): \(preset.summary)"))
  }

  @Test("the README and the help tell the defaults that the code has")
  func documentedDefaults() throws {
    let readme = try String(contentsOf: FixtureFile.packageRoot.appending(path: "README.md"), encoding: .utf8)
    let help = Transfer.helpMessage(columns: 1000)
    let defaults = Preset.standard(for: .transfer).table
    let style = try #require(defaults.style)
    let rows: [(flag: String, value: String)] = [
      ("size", "\(defaults.size)"), ("iterations", "\(defaults.scales.iterations!)"),
      ("optimizer", defaults.method.name.rawValue), ("learning-rate", "\(Recipe.Defaults.learningRate)"),
      ("history", "\(Recipe.Defaults.history)"), ("normalization", defaults.normalization.rawValue),
      ("style-loss", style.statistic.rawValue), ("pooling", defaults.pooling.rawValue),
      ("padding", defaults.padding.rawValue), ("seed", "\(defaults.seed)"),
      ("noise-amplitude", "\(Recipe.Defaults.noiseAmplitude)"),
      ("style-scale", "\(style.scale)"), ("content-weight", "\(defaults.contentWeight!)"),
      ("style-weight", "\(defaults.styleWeight!)"), ("tv-weight", "\(defaults.totalVariationWeight)"),
      ("content-layers", "\(defaults.content!.layers)"), ("style-layers", "\(style.layers)"),
      ("init", defaults.start.name), ("preset", defaults.preset.rawValue),
      ("color-matching", ColorMatching.symmetric.rawValue),
    ]
    for (flag, value) in rows {
      let row = readme.split(separator: "\n").first { $0.hasPrefix("| `--\(flag)`") }
      #expect(
        row?.hasSuffix("| \(value) |") == true || row?.hasSuffix("| `\(value)` |") == true,
        "\(flag): \(row ?? "no row")")
      let line = help.range(of: "--\(flag) <").map { help[$0.upperBound...].prefix(300) }?
        .split(separator: "\n  --").first
      #expect(line?.contains("default: \(value)") == true, "\(flag): \(line ?? "no line")")
    }
  }
}
