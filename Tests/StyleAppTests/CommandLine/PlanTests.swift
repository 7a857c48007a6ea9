import Foundation
import TestSupport
import Testing

@testable import StyleApp
@testable import StyleTransfer

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `--plan` and `--memory-limit` on the real network.
@Suite("Plan", .serialized)
struct PlanTests {
  private static let pictures = [
    "--content", Impasto.example("castle.jpg"), "--style", Impasto.example("starry_night.jpg"),
  ]

  private static func transfer(_ size: Int, preset: String = "study", _ more: [String] = []) -> [String] {
    ["transfer", "--preset", preset] + pictures + ["--size", "\(size)"] + more
  }

  /// The number of megabytes after `label`.
  private func megabytes(_ label: String, in text: String) throws -> Double {
    let start = try #require(text.range(of: label)).upperBound
    let digits = text[start...].prefix { $0.isNumber || $0 == "," }.filter { $0 != "," }
    return try #require(Double(digits))
  }

  private func plannedPeak(_ arguments: [String], in folder: URL) throws -> Double {
    let result = try Impasto.run(arguments + ["--plan"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try megabytes("peak memory: about ", in: result.output)
  }

  @Test("a plan names every size, its operations and time, what takes the most, and writes nothing")
  func form() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.transfer(256, ["--plan", "-o", "out.png", "--log", "log.jsonl", "--timelapse", "frames"]),
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      for text in [
        "128×86 ", "181×121 ", "256×171 ", "operations per evaluation", "time: about ",
        "most of it at 256×171",
        "peak memory: about ", "most of it the network's filters", "the features around conv_2: ",
      ] { #expect(result.output.contains(text), "\(text) is not in \(result.output)") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test("every experiment has a plan, and needs no -o for it")
  func commands() throws {
    try withTemporaryFolder { folder in
      let style = ["--style", Impasto.example("starry_night.jpg")]
      let content = ["--content", Impasto.example("castle.jpg")]
      for arguments in [["texture"] + style, ["reconstruct"] + content] {
        #expect(try plannedPeak(arguments + ["--size", "96"], in: folder) > 50)
      }
      let castle = folder.appending(path: "castle.jpg")
      try FileManager.default.copyItem(at: URL(filePath: Impasto.example("castle.jpg")), to: castle)
      let made = try Impasto.run(
        [
          "reconstruct", "--content", "castle.jpg", "--size", "64", "--iterations", "1", "-o", "a.png",
          "--quiet",
        ],
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
      #expect(try plannedPeak(["rerun", "a.png"], in: folder) > 50)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["a.png", "castle.jpg"])
    }
  }

  #if os(Linux)
    /// The most anonymous memory of a run in megabytes: what it allocated, as the system counted it.
    ///
    /// Pages of files that are mapped, the weights among them, are left out: how many of them are in memory depends on
    /// how the system's page cache came to hold the file, in single pages or in large ones, and says nothing about the
    /// run. Read while the process lives, since the system keeps no peak of it.
    private func measuredPeak(_ arguments: [String], in folder: URL) throws -> Double {
      let process = Impasto.process(arguments, in: folder)
      try process.run()
      var peak = 0.0
      while process.isRunning {
        let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        // In units of 1,024 bytes.
        if let number = line?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) {
          peak = max(peak, number * 1024 / 1e6)
        }
        usleep(500)
      }
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      return peak
    }

    /// The part that the plan may be off by.
    private static let tolerance = 0.15

    @Test(
      "the peak memory of a run is within 15 % of its plan, whether or not the weights are in the page cache",
      arguments: [128, 256, 512], [false, true])
    func memory(_ size: Int, evictsWeights: Bool) throws {
      try withTemporaryFolder { folder in
        var runs = [
          Self.transfer(size), Self.transfer(size, preset: "painterly"),
          ["reconstruct", "--content", Impasto.example("castle.jpg"), "--size", "\(size)"],
        ]
        if !evictsWeights {
          let texture = ["texture", "--style", Impasto.example("starry_night.jpg"), "--size", "\(size)"]
          runs += [texture, texture + ["--spectrum-weight", "1"]]
          if size < 512 { runs.append(texture + ["--style-loss", "correspondence"]) }
        }
        runs = runs.map { $0 + ["--no-pyramid"] }
        // A brush takes as long as all of these; what the cache holds makes no difference to it. It takes the most memory
        // where it looks for neighbours, before the first gradient, which has filters of its own: at the first size less.
        if size == 256, !evictsWeights { runs.append(Self.transfer(size, preset: "brush")) }
        for arguments in runs {
          let short = arguments + ["--iterations", "1"]
          let planned = try plannedPeak(short, in: folder) - MemoryPlan.programFileBytes / 1e6
          if evictsWeights { try Self.evictWeights() }
          let measured = try measuredPeak(
            short + ["-o", folder.appending(path: "out.png").path, "--quiet"], in: folder)
          #expect(abs(planned - measured) <= Self.tolerance * measured, "\(planned), \(measured)")
        }
      }
    }

    @Test(
      "by the smallest strips too the peak memory of a run is within 15 % of its plan",
      arguments: [256, 512])
    func memoryByStrips(_ size: Int) throws {
      try withTemporaryFolder { folder in
        let short = Self.transfer(size, ["--iterations", "3", "--no-pyramid", "--no-stop-when-settled"])
        let refused = try Impasto.run(short + ["--memory-limit", "10M", "-o", "out.png"], in: folder)
        let least = try megabytes("this run needs about ", in: refused.errors)
        let limit = short + ["--memory-limit", "\(Int(least) + 1)M"]
        let plan = try Impasto.run(limit + ["--plan"], in: folder)
        #expect(plan.output.contains(" in strips of "), "\(plan.output)")
        let planned =
          try megabytes("peak memory: about ", in: plan.output) - MemoryPlan.programFileBytes / 1e6
        let measured = try measuredPeak(
          limit + ["-o", folder.appending(path: "out.png").path, "--quiet"], in: folder)
        #expect(abs(planned - measured) <= Self.tolerance * measured, "\(planned), \(measured)")
      }
    }

    /// Takes the weights out of the page cache and reads them from beginning to end, which fills it with large pages.
    private static func evictWeights() throws {
      let path = try WeightsLocator.path(explicit: nil)
      let descriptor = open(path, O_RDONLY)
      defer { close(descriptor) }
      try #require(descriptor >= 0 && posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
      _ = try Data(contentsOf: URL(filePath: path))
    }
  #endif

  @Test("a run beyond the limit is refused before it starts; the size that it names fits, the next does not")
  func refusal() throws {
    try withTemporaryFolder { folder in
      let limit = ["--memory-limit", "300M", "-o", "out.png", "--quiet"]
      let refused = try Impasto.run(Self.transfer(1024, limit), in: folder)
      #expect(refused.status == 65)
      #expect(refused.errors.contains("--memory-limit allows 300 MB; the largest --size that fits is "))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
      let needed = try megabytes("this run needs about ", in: refused.errors)
      #expect(needed > 300)
      let side = Int(try megabytes("the largest --size that fits is ", in: refused.errors))
      // The next size is over the limit by less than the report's rounding to whole megabytes.
      #expect(try plannedPeak(Self.transfer(side, ["--memory-limit", "300M"]), in: folder) <= 300)
      let next = try Impasto.run(Self.transfer(side + 1, limit), in: folder)
      #expect(next.status == 65)
      let plan = try Impasto.run(Self.transfer(1024, ["--memory-limit", "300M", "--plan"]), in: folder)
      #expect(plan.status == 0)
      #expect(plan.output.contains("the largest --size that fits is \(side)"))
    }
  }

  @Test("a limit lets filters go or cuts into strips, as a plan tells, and changes no byte of the picture")
  func strips() throws {
    try withTemporaryFolder { folder in
      let short = Self.transfer(320, ["--no-pyramid", "--iterations", "2", "--no-metadata"])
      let whole = try plannedPeak(short, in: folder)
      let refused = try Impasto.run(short + ["--memory-limit", "10M", "-o", "out.png"], in: folder)
      let least = try megabytes("this run needs about ", in: refused.errors)
      // A little less is had by letting filters go, the least by strips.
      func limited(_ megabytes: Double) -> [String] { short + ["--memory-limit", "\(Int(megabytes))M"] }
      let (little, much) = (limited(whole - 10), limited(least + 1))
      for (arguments, words) in [(little, "320×213 in one piece, filters"), (much, "320×213 in strips of ")] {
        let plan = try Impasto.run(arguments + ["--plan"], in: folder)
        #expect(plan.output.contains(words), "\(plan.output)")
      }
      var pictures: [Data] = []
      for arguments in [short, little, much] {
        let path = folder.appending(path: "out.png")
        let made = try Impasto.run(arguments + ["-o", path.path, "--quiet"], in: folder)
        #expect(made.status == 0, "\(made.errors)")
        pictures.append(try Data(contentsOf: path))
      }
      #expect(pictures[0] == pictures[1] && pictures[0] == pictures[2])
    }
  }

  @Test("the refusal names the option that says how large the picture is")
  func refusalOfOtherSizes() throws {
    try withTemporaryFolder { folder in
      let limit = ["--memory-limit", "300M", "-o", "out.png"]
      let scales = try Impasto.run(
        ["transfer", "--preset", "study"] + Self.pictures + ["--scales", "600:1,1024:1"] + limit, in: folder)
      #expect(scales.status == 65)
      #expect(scales.errors.contains("the largest size in --scales that fits is "))
      let texture = ["texture", "--style", Impasto.example("starry_night.jpg")]
      let wide = try Impasto.run(texture + ["--width", "2000", "--height", "1000"] + limit, in: folder)
      #expect(wide.status == 65)
      let width = Int(try megabytes("the largest --width and --height that fit are ", in: wide.errors))
      #expect(wide.errors.contains(" are \(width) and \((width + 1) / 2)"))
      #expect(
        try plannedPeak(
          texture + ["--width", "\(width)", "--height", "\(width / 2)", "--memory-limit", "300M"], in: folder)
          <= 300)
    }
  }

  @Test("no size fits where the program and one filter alone are too large")
  func nothingFits() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.transfer(64, ["--memory-limit", "90M", "-o", "out.png"]), in: folder)
      #expect(result.status == 65)
      #expect(result.errors.contains("no size fits"))
    }
  }

  @Test("a limit that is no amount of memory is wrong usage", arguments: ["much", "-1G", "0", "2X", ""])
  func badLimit(_ text: String) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.transfer(64, ["--memory-limit=\(text)", "-o", "out.png"]), in: folder)
      #expect(result.status == 64)
      #expect(result.errors.contains("--memory-limit"))
    }
  }

  @Test(
    "amounts of memory are read in powers of 1,000 or, with an i, of 1,024",
    arguments: [("800M", 8e8), ("1.5g", 1.5e9), ("2GiB", 0x1p31), ("4096", 4096), ("1kB", 1000)])
  func amounts(_ text: String, _ bytes: Double) {
    #expect(ByteCount(parsing: text)?.bytes == bytes)
  }
}
