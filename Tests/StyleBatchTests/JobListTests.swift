import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleBatch

/// Jobs from files and from a few words.
@Suite("Jobs of a batch")
struct JobListTests {
  private func list(_ sweeps: [String] = [], _ kind: Recipe.Kind = .transfer) throws -> JobList {
    var changes = RecipeChanges()
    changes.styles = ["night.jpg"]
    return JobList(
      kind: kind, changes: [changes], sweeps: try sweeps.map(JobList.Sweep.init(parsing:)), folder: "out")
  }

  @Test("every picture meets every combination of what is swept, under a name that tells them apart")
  func sweeps() throws {
    let jobs = try list(["balance=0.2,0.8", "style-layers=conv_1;conv_1,conv_2"]).jobs(contents: [
      "a/b.jpg", "c.png",
    ])
    #expect(jobs.count == 8)
    #expect(jobs[1].output == "out/b-balance-0.2-style-layers-conv_1_conv_2.png")
    #expect(Set(jobs.map(\.output)).count == 8)
    let recipe = try jobs[7].recipe.get()
    #expect(recipe.transfer?.weighing == .balance(0.8))
    #expect(recipe.style?.layers.description == "conv_1,conv_2")
    #expect(recipe.content?.picture.path == "c.png")
  }

  @Test("a swept style is a picture, a swept size a number, and a swept preset a name")
  func kinds() throws {
    let jobs = try list(["style=a.jpg,b.jpg", "size=64", "preset=painterly"]).jobs(contents: ["c.png"])
    #expect(jobs.map(\.output) == ["a", "b"].map { "out/c-style-\($0)-size-64-preset-painterly.png" })
    let recipe = try jobs[1].recipe.get()
    #expect(recipe.style?.pictures.map(\.path) == ["b.jpg"])
    #expect(recipe.size == 64 && recipe.preset == .painterly)
  }

  @Test("pictures of one name in two folders do not meet in one file")
  func sameName() throws {
    let jobs = try list().jobs(contents: ["a/x.jpg", "b/x.jpg"])
    #expect(jobs.map(\.output) == ["out/x.png", "out/x-2.png"])
  }

  @Test("a texture is a job of its own without pictures")
  func texture() throws {
    let jobs = try list(["seed=1,2"], .texture).jobs(contents: [])
    #expect(jobs.map(\.output) == ["out/night-seed-1.png", "out/night-seed-2.png"])
  }

  @Test("what cannot be swept is refused", arguments: ["balance", "balance=", "=1", "balance=0.1,,0.2"])
  func sweepMistakes(_ text: String) {
    #expect(throws: RecipeError.self) { try JobList.Sweep(parsing: text) }
  }

  @Test("a name that is no setting is told, with the one that was meant")
  func unknownSetting() throws {
    let error = #expect(throws: StyleTransferError.self) {
      try list(["ballance=1"]).jobs(contents: ["c.png"])
    }
    #expect(error?.description.contains("did you mean 'balance'?") == true)
    #expect(throws: RecipeError.self) { try list(["balance=2"]).jobs(contents: ["c.png"]) }
    #expect(throws: RecipeError.self) { try list(["size=big"]).jobs(contents: ["c.png"]) }
  }

  @Test("jobs written to a file and read again are the same")
  func lines() throws {
    try withTemporaryFolder { folder in
      let jobs = try list(["balance=0.2,0.8"]).jobs(contents: ["a \"b\".jpg"])
      let file = folder.appending(path: "jobs.jsonl")
      try Data((jobs.compactMap(\.line).joined(separator: "\n\n") + "\r\n").utf8).write(to: file)
      let again = try BatchJob.jobs(contentsOf: file.path) { _, _ in }
      #expect(again.map(\.output) == jobs.map(\.output))
      #expect(try again.map { try $0.recipe.get() } == jobs.map { try $0.recipe.get() })
      #expect(again.map(\.place) == ["\(file.path):1", "\(file.path):3"])
    }
  }

  @Test("a line that makes no sense is a job that failed, and the others are jobs")
  func badLines() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "jobs.jsonl")
      let lines = [
        #"{"content": "a.jpg", "styles": ["n.jpg"], "size": 64, "output": "1.png"}"#,
        #"{"content": "a.jpg", "styles": ["n.jpg"]}"#,
        #"{"content": "a.jpg", "styles": ["n.jpg"], "sizes": 64, "output": "3.png"}"#,
        #"{"content": "a.jpg", "#, #"{"command": "texture", "style": ["n.jpg"], "output": "5.png"}"#,
        #"{"command": "texture", "styles": "n.jpg", "output": "6.png"}"#,
      ]
      try Data(lines.joined(separator: "\n").utf8).write(to: file)
      let jobs = try BatchJob.jobs(contentsOf: file.path) { _, _ in }
      let reasons = jobs.map { job -> String in
        if case .failure(let failure) = job.recipe { failure.reason } else { "" }
      }
      #expect(reasons[0] == "" && reasons[4] == "")
      #expect(reasons[1].contains("\"output\" is missing"))
      #expect(reasons[2].contains("did you mean 'size'?"))
      #expect(reasons[3].contains("not a JSON object"))
      #expect(reasons[5].contains("a list of texts"))
      #expect(jobs.map(\.output) == ["1.png", "", "", "", "5.png", ""])
    }
  }

  @Test("two jobs with one output are refused, and one that would overwrite what another is made from")
  func collisions() throws {
    func job(_ content: String, _ output: String) throws -> BatchJob {
      var changes = RecipeChanges()
      (changes.content, changes.styles) = (content, ["n.jpg"])
      return BatchJob(place: output, output: output, recipe: try Recipe(.transfer, [changes]))
    }
    #expect(throws: FileCollision.self) {
      try [job("a.jpg", "o.png"), job("b.jpg", "./x/../o.png")].checkOutputs()
    }
    #expect(throws: FileCollision.self) { try [job("a.jpg", "o.png"), job("b.jpg", "a.jpg")].checkOutputs() }
    try [job("a.jpg", "1.png"), job("a.jpg", "2.png")].checkOutputs()
    #expect(throws: FileCollision.self) {
      try [job("a.jpg", "o.png")].checkOutputs(inputs: [("./o.png", "--weights")])
    }
  }

  @Test("an output that is a picture by another name, through links, is refused")
  func linkedCollisions() throws {
    func jobs(_ content: String, _ output: String) throws -> [BatchJob] {
      var changes = RecipeChanges()
      (changes.content, changes.styles) = (content, ["n.jpg"])
      return [BatchJob(place: output, output: output, recipe: try Recipe(.transfer, [changes]))]
    }
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      try Data("photograph".utf8).write(to: folder.appending(path: "a.png"))
      try FileManager.default.linkItem(atPath: path("a.png"), toPath: path("hard.png"))
      try FileManager.default.createSymbolicLink(atPath: path("soft.png"), withDestinationPath: "a.png")
      try FileManager.default.createSymbolicLink(atPath: path("here"), withDestinationPath: ".")
      for output in ["hard.png", "soft.png", "here/a.png"] {
        let error = #expect(throws: FileCollision.self) {
          try jobs(path("a.png"), path(output)).checkOutputs()
        }
        #expect(error?.description.contains("would be overwritten") == true)
      }
      try jobs(path("a.png"), path("b.png")).checkOutputs()
    }
  }

  @Test("a page or numbers of somebody else's are not written over; those of a batch are")
  func foreignPages() throws {
    try withTemporaryFolder { folder in
      try ContactSheet.check(folder.path, suffix: "")
      let summary = BatchSummary(entries: [], shard: .whole, weightsSHA256: "0")
      let (numbers, page) = ContactSheet.names("")
      try Data(summary.json).write(to: folder.appending(path: numbers))
      let html = ContactSheet(summary, folder: folder.path, numbers: numbers).html
      try Data(html.utf8).write(to: folder.appending(path: page))
      try ContactSheet.check(folder.path, suffix: "")
      for name in [numbers, page] {
        let file = folder.appending(path: name)
        let before = try Data(contentsOf: file)
        try Data("mine".utf8).write(to: file)
        let error = #expect(throws: FileCollision.self) { try ContactSheet.check(folder.path, suffix: "") }
        #expect(error?.description.contains(name) == true)
        try before.write(to: file)
      }
    }
  }

  @Test("pipes among the pictures of a folder are passed over, and the mark before a file of jobs too")
  func oddFiles() throws {
    try withTemporaryFolder { folder in
      let picture = Picture(width: 1, height: 1, colour: [0, 0, 0])
      try picture.write(to: folder.appending(path: "a.png").path)
      #expect(mkfifo(folder.appending(path: "b.png").path, 0o600) == 0)
      #expect(try FilePattern.pictures(folder.path).map { ($0 as NSString).lastPathComponent } == ["a.png"])
      let jobs = folder.appending(path: "jobs.jsonl")
      try Data([0xEF, 0xBB, 0xBF] + #"{"content":"a.png","styles":["n.png"],"output":"o.png"}"#.utf8).write(
        to: jobs)
      let read = try BatchJob.jobs(contentsOf: jobs.path) { _, _ in }
      #expect(try read.map { try $0.recipe.get().content?.picture.path } == ["a.png"])
    }
  }

  @Test("frames are those that the pattern names, from the first on without a gap")
  func frames() throws {
    try withTemporaryFolder { folder in
      for number in [1, 2, 3, 5] {
        try Data().write(to: folder.appending(path: "f\(number < 10 ? "00" : "")\(number).png"))
      }
      let frames = try FilePattern.frames(folder.path + "/f%03d.png")
      #expect(frames.map(\.number) == [1, 2, 3])
      #expect(throws: StyleTransferError.self) { try FilePattern.frames(folder.path + "/g%03d.png") }
      #expect(throws: RecipeError.self) { try FilePattern.frames(folder.path + "/f.png") }
      #expect(throws: RecipeError.self) { try FilePattern.frames("%d/%d.png") }
      let film = try list().film(frames)
      #expect(film.map(\.output) == ["out/0001.png", "out/0002.png", "out/0003.png"])
      #expect(try film[0].recipe.get().start == .colour)
      #expect(try film[2].recipe.get().start == .picture(.file("out/starts/0003.png")))
      #expect(film[2].follows?.output == "out/0002.png" && film[0].follows == nil)
      #expect(try film[2].recipe.get().scales == .single(iterations: 50))
    }
  }

  @Test("a pattern stands for the pictures among its files")
  func patterns() throws {
    try withTemporaryFolder { folder in
      let castle = FixtureFile.packageRoot.appending(path: "Examples/Images/castle.jpg")
      for name in ["b.jpg", "a.jpg"] {
        try FileManager.default.copyItem(at: castle, to: folder.appending(path: name))
      }
      try Data("no picture".utf8).write(to: folder.appending(path: "c.txt"))
      let both = ["a.jpg", "b.jpg"].map { folder.path + "/" + $0 }
      #expect(try FilePattern.pictures(folder.path) == both)
      #expect(try FilePattern.pictures(folder.path + "/*") == both)
      #expect(try FilePattern.pictures(folder.path + "/[b-z]*") == [both[1]])
      #expect(try FilePattern.pictures("nowhere.jpg") == ["nowhere.jpg"])
      #expect(throws: StyleTransferError.self) { try FilePattern.pictures(folder.path + "/*.txt") }
      #expect(throws: StyleTransferError.self) { try FilePattern.pictures(folder.path + "/*.tif") }
    }
  }
}
