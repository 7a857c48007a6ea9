import Foundation
import NN
import TestSupport
import Testing

@testable import StyleApp
@testable import StyleStudy
@testable import StyleTransfer

@Suite("Study", .serialized)
struct StudyTests {
  private static func study(_ folder: URL, _ more: [String], size: Int = 32) throws -> BuiltProgram.Result {
    try Impasto.run(
      [
        "study", "--content", Impasto.example("castle.jpg"), "--style", Impasto.example("starry_night.jpg"),
        "--out-dir", "out", "--size", "\(size)", "--quick",
      ] + more, in: folder)
  }

  private static func page(_ folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: "out/index.html"), encoding: .utf8)
  }

  private static func numbers(_ folder: URL) throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appending(path: "out/study.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// When each file of the folder was written.
  private static func times(_ folder: URL, endingIn ending: String) throws -> [String: Date] {
    let out = folder.appending(path: "out")
    let names = try FileManager.default.contentsOfDirectory(atPath: out.path).filter {
      $0.hasPrefix("reconstruction") && $0.hasSuffix(ending)
    }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        let attributes = try FileManager.default.attributesOfItem(atPath: out.appending(path: $0).path)
        return ($0, try #require(attributes[.modificationDate] as? Date))
      })
  }

  @Test("a part alone is made, with pictures, logs, numbers and a page that needs nothing else")
  func part() throws {
    try withTemporaryFolder { folder in
      let result = try Self.study(folder, ["--only", "seeds", "--quiet"], size: 48)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors == "" && result.output == "")
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "out").path))
      #expect(
        names == [
          "index.html", "study.json", "content.png", "style.png", "noise.png", "difference-seeds.png",
          "difference-original.png", "reconstruction-conv_4.png", "reconstruction-conv_4.jsonl",
          "reconstruction-conv_4-seed-1.png", "reconstruction-conv_4-seed-1.jsonl",
        ])
      let page = try Self.page(folder)
      // The viewer, in which pictures open, has none until one is chosen.
      let images = page.matches(of: /<img ([^>]*)>/)
      #expect(images.count == 6)
      for image in images {
        let source = try #require(image.1.firstMatch(of: /src="([^"]+)"/)?.1)
        #expect(names.contains(String(source)))
        #expect(image.1.contains(/alt="[^"]+"/))
      }
      #expect(
        !page.contains(/(src|href)="(https?:|\/)/) && !page.contains("@import")
          && !page.contains("<script src"))
      #expect(page.contains(#"<html lang="en">"#) && page.contains("href=\"#main\""))
      #expect(page.contains("<span>--content-layers</span> <span>conv_4</span> "))
    }
  }

  @Test("a plan tells every run that is missing, and writes nothing")
  func plan() throws {
    try withTemporaryFolder { folder in
      let result = try Self.study(folder, ["--plan"])
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n").map(String.init)
      let runs = StudyPlan(content: "c", style: "s", size: 32, effort: .quick).runs(StudySection.allCases)
        .map(\.name)
      #expect(lines.prefix(runs.count).map { String($0.prefix { $0 != " " }) } == runs)
      #expect(lines[runs.count].hasPrefix("all \(runs.count) "))
      #expect(result.output.contains("time: about ") && result.output.contains("peak memory: about "))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])

      #expect(try Self.study(folder, ["--only", "seeds", "--quiet"]).status == 0)
      let rest = try Self.study(folder, ["--only", "seeds,texture", "--plan"])
      #expect(rest.output.contains("texture-conv_1-2 ") && !rest.output.contains("reconstruction-conv_4"))
      let nothing = try Self.study(folder, ["--only", "seeds", "--plan"])
      #expect(nothing.output == "All pictures are there; nothing would be made.\n")
    }
  }

  @Test("a study that would not fit into memory is refused before anything is made")
  func refusal() throws {
    try withTemporaryFolder { folder in
      let result = try Self.study(folder, ["--memory-limit", "50M"])
      #expect(result.status == 65)
      #expect(result.errors.contains("--memory-limit allows 50 MB"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test("a second run makes nothing anew, a lost picture is made again, and other settings make others")
  func resuming() throws {
    try withTemporaryFolder { folder in
      #expect(try Self.study(folder, ["--only", "seeds"]).status == 0)
      let before = try Self.times(folder, endingIn: ".png")
      #expect(before.count == 2)
      let again = try Self.study(folder, ["--only", "seeds"])
      #expect(again.status == 0 && again.errors.contains("all 2 pictures are there"))
      #expect(try Self.times(folder, endingIn: ".png") == before)

      try FileManager.default.removeItem(at: folder.appending(path: "out/reconstruction-conv_4-seed-1.png"))
      let repaired = try Self.study(folder, ["--only", "seeds"])
      #expect(repaired.errors.contains("1 of 2 pictures to make"), "\(repaired.errors)")
      let other = try Self.study(folder, ["--only", "seeds"], size: 40)
      #expect(other.errors.contains("2 of 2 pictures to make"), "\(other.errors)")
    }
  }

  @Test("one run that fails is told on the page, and the others are there")
  func failedRun() throws {
    try withTemporaryFolder { folder in
      // A folder stands where the picture should go.
      try FileManager.default.createDirectory(
        at: folder.appending(path: "out/reconstruction-conv_2.png"), withIntermediateDirectories: true)
      let result = try Self.study(folder, ["--only", "reconstruction"])
      #expect(result.status == 65)
      #expect(result.errors.contains("1 of 6 pictures could not be made ('reconstruction-conv_2'"))
      #expect(try Self.times(folder, endingIn: ".jsonl").count == 5)
      #expect(try Self.page(folder).contains("This run failed: "))
    }
  }

  @Test("Ctrl-C ends with status 130 and leaves a page of what there is; the next run goes on")
  func interruption() throws {
    try withTemporaryFolder { folder in
      let process = Impasto.process(
        [
          "study", "--content", Impasto.example("castle.jpg"), "--style", Impasto.example("starry_night.jpg"),
          "--out-dir", "out", "--size", "64", "--quick", "--only", "reconstruction", "--quiet",
        ], in: folder)
      process.standardError = FileHandle.nullDevice
      try process.run()
      let first = folder.appending(path: "out/reconstruction-conv_1.jsonl").path
      while process.isRunning, !FileManager.default.fileExists(atPath: first) { usleep(5000) }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(try Self.page(folder).contains("Not made yet."))
      let next = try Self.study(folder, ["--only", "reconstruction"], size: 64)
      #expect(next.status == 0 && next.errors.contains(/[1-5] of 6 pictures to make/), "\(next.errors)")
    }
  }

  @Test("facts: a content pins a picture down, a texture does not, and depth loses detail")
  func facts() throws {
    try withTemporaryFolder { folder in
      // Smaller, and deep layers see so little that two textures of all sixteen almost agree.
      let result = try Self.study(folder, ["--quiet", "--only", "reconstruction,seeds,texture"], size: 128)
      #expect(result.status == 0, "\(result.errors)")
      let numbers = try Self.numbers(folder)
      let textures = try #require(numbers["textures"] as? [String: Any])
      let between = try #require(textures["psnrBetweenSeeds"] as? Double)
      let reconstructed = try #require(textures["psnrBetweenReconstructions"] as? Double)
      #expect(reconstructed >= between + 10, "reconstructions \(reconstructed) dB, textures \(between) dB")

      let reconstructions = try #require(numbers["reconstructions"] as? [[String: Any]])
      let psnr = try reconstructions.prefix(4).map {
        try #require(($0["fidelity"] as? [String: Any])?["psnr"] as? Double)
      }
      #expect(zip(psnr, psnr.dropFirst()).allSatisfy { $0 > $1 }, "\(psnr)")
    }
  }

  @Test("facts: under a shift the Gram loss changes by less than a tenth of what the content loss does")
  func shift() throws {
    let network = try VGG19(contentsOf: try WeightsLocator.path(explicit: nil), padding: .circular)
    let picture = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 64)
      .croppedToWholeBlocks
    let layers = try LossProbe(picture, network: network).distances(of: picture.shifted(by: 8))
    let content = layers.map(\.content).reduce(0, +)
    let gram = layers.map(\.gram).reduce(0, +)
    #expect(gram < content / 10, "content \(content), Gram \(gram)")
  }

  @Test(
    "mistakes are told in a sentence with their status",
    arguments: [
      (
        ["--content", "x.png", "--style", "x.png", "--out-dir", "o", "--only", "textures"], 64,
        "Error: --only 'textures': there is no part 'textures'; choose from reconstruction, seeds, texture, losses, transfer"
      ),
      (
        ["--content", "x.png", "--style", "x.png", "--out-dir", "o", "--size", "0"], 64,
        "Error: --size 0: at least 1 is needed"
      ),
      (
        ["--content", "x.png", "--style", "x.png", "--out-dir", "o"], 66,
        "impasto: 'x.png' does not exist; check the path"
      ),
      (
        ["--content", "x.png", "--style", "x.png"], 64,
        "Error: Missing expected argument '--out-dir <folder>'"
      ),
    ] as [([String], Int32, String)])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(["study"] + arguments, in: folder)
      #expect(result.status == status)
      #expect(result.errors.split(separator: "\n").first.map(String.init) == message)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "o").path))
    }
  }

  @Test("the line of progress fits any width and tells the run, the whole and the part")
  func progressLine() {
    let iteration = Iteration(
      number: 30, evaluations: 33, seconds: 21, content: 0.25, style: 0, totalVariation: 0, total: 0.25)
    func line(_ width: Int) -> String {
      StudyProgress.line(
        place: "3/31", name: "texture-conv_all", iteration: iteration, part: 8, whole: 121, width: width)
    }
    #expect(
      line(120)
        == "[3/31] texture-conv_all  in all 2 min 01 s left  here 8.0 s left  iteration 30  loss 0.2500")
    for width in 2...120 { #expect(line(width).count < width) }
  }
}
