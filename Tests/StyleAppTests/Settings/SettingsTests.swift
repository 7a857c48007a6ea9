import ArgumentParser
import Foundation
import NN
import TestSupport
import Testing

@testable import StyleApp

@Suite("Settings")
struct SettingsTests {
  private static func patch(_ values: [Settings.CodingKeys: Any]) -> SettingsPatch {
    var patch = SettingsPatch()
    patch.set(.content, "a.jpg")
    patch.set(.styles, ["b.jpg"])
    for (key, value) in values { patch.set(key, value) }
    return patch
  }

  @Test("every preset is complete, and survives JSON", arguments: Preset.transfer)
  func presets(_ preset: Preset) throws {
    let settings = try Settings.resolved(.transfer, [Self.patch([.preset: preset.rawValue])])
    #expect(settings.preset == preset)
    let again = try JSONDecoder().decode(Settings.self, from: Data(settings.json.utf8))
    #expect(again == settings)
    #expect(settings.optimizer == .adam ? settings.learningRate != nil : settings.history != nil)
    #expect(Preset.list.contains("\(preset.rawValue): \(preset.summary)"))
  }

  @Test("later patches override earlier ones and the preset")
  func order() throws {
    let settings = try Settings.resolved(
      .transfer,
      [Self.patch([.size: 100, .seed: 1, .balance: 0.2]), Self.patch([.size: 200, .styleWeight: 3.0])])
    #expect(settings.size == 200 && settings.seed == 1)
    #expect(settings.balance == nil && settings.styleWeight == 3)
  }

  @Test("what goes with another choice is dropped with it")
  func dependents() throws {
    let settings = try Settings.resolved(
      .transfer, [Self.patch([.history: 3]), Self.patch([.optimizer: "adam"])])
    #expect(settings.history == nil && settings.frequencyFilter == nil)
    #expect(settings.learningRate == Settings.Defaults.learningRate)
  }

  @Test(
    "the pyramid starts at 128 pixels or at the picture's own size and grows by √2",
    arguments: [64, 128, 200, 512, 2048])
  func pyramid(_ side: Int) throws {
    let scales = ScaleList.pyramid(side: side, iterations: 7).scales
    #expect(scales.last?.side == side)
    #expect(scales.allSatisfy { $0.iterations == 7 && $0.side >= min(side, ScaleList.firstSide) })
    for (small, large) in zip(scales, scales.dropFirst()) {
      #expect(abs(Double(large.side) / Double(small.side) - 2.0.squareRoot()) < 0.02)
    }
    #expect(scales[0].side < 2 * ScaleList.firstSide)
    let list = ScaleList(scales)
    #expect(try ScaleList(parsing: list.description) == list)
  }

  @Test("an objective has settled when its last iterations bring less than a part of it")
  func settling() {
    let settling = Settling(window: 3, part: 0.1)
    #expect(settling.reason([10, 9, 8.95]) == nil)
    #expect(settling.reason([10, 5, 4.9, 4.8, 4.4]) == nil)
    #expect(
      settling.reason([10, 5, 4.9, 4.8, 4.6]) == "settled: 3 iterations lowered the objective by 8.0 %")
  }

  @Test("the README and the help tell the defaults that the code has")
  func documentedDefaults() throws {
    let readme = try String(contentsOf: FixtureFile.packageRoot.appending(path: "README.md"), encoding: .utf8)
    let help = Transfer.helpMessage(columns: 1000)
    let defaults = Preset.defaults
    let rows: [(flag: String, value: String)] = [
      ("size", "\(defaults.size)"), ("iterations", "\(defaults.iterations!)"),
      ("optimizer", defaults.optimizer.rawValue), ("learning-rate", "\(Settings.Defaults.learningRate)"),
      ("history", "\(Settings.Defaults.history)"), ("normalization", defaults.normalization.rawValue),
      ("style-loss", defaults.styleLoss!.rawValue), ("pooling", defaults.pooling.rawValue),
      ("padding", defaults.padding.rawValue), ("seed", "\(defaults.seed)"),
      ("noise-amplitude", "\(Settings.Defaults.noiseAmplitude)"),
      ("style-scale", "\(Settings.Defaults.styleScale)"), ("content-weight", "\(defaults.contentWeight!)"),
      ("style-weight", "\(defaults.styleWeight!)"), ("tv-weight", "\(defaults.tvWeight)"),
      ("content-layers", "\(defaults.contentLayers!)"), ("style-layers", "\(defaults.styleLayers!)"),
      ("init", defaults.initial), ("preset", defaults.preset.rawValue),
      ("color-matching", Settings.Defaults.colorMatching.rawValue),
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
