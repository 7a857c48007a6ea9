import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Paintings that go on from a file, on the real network, at small sizes.
@Suite("Checkpoint")
struct CheckpointTests {
  private static func example(_ name: String) -> String {
    FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
  }

  private static func recipe(_ method: Recipe.Method = .lbfgs()) -> Recipe {
    var recipe = Recipe.transfer(
      content: .file(example("castle.jpg")), styles: [.file(example("starry_night.jpg"))], preset: .study)
    recipe.scales = .list(ScaleList([.init(side: 32, iterations: 2), .init(side: 48, iterations: 3)]))
    recipe.size = 48
    recipe.method = method
    recipe.stopsWhenSettled = false
    return recipe
  }

  private static func network() throws -> VGG19 { try VGG19.cached() }

  @Test(
    "a painting goes on from a file after any iteration, to the same losses and the same bytes",
    arguments: [Recipe.Method.lbfgs(history: 2), .lbfgs(frequencyFilter: false), .adam()])
  func everyIteration(_ method: Recipe.Method) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      var whole = try Painting(Self.recipe(method), network: Self.network())
      let expected = try whole.rest()
      #expect(expected.iterations.map(\.number) == [0, 1, 2, 2, 3, 4, 5])
      var painting = try Painting(Self.recipe(method), network: Self.network())
      for done in 0...expected.iterations.count {
        try painting.checkpoint(to: file)
        var resumed = try Painting(resuming: file, network: Self.network())
        #expect(resumed.picture == painting.picture)
        #expect(resumed.iteration?.number == painting.iteration?.number)
        let found = try resumed.rest()
        #expect(found.iterations == Array(expected.iterations[done...]))
        #expect(found.picture == expected.picture)
        #expect(resumed.ending == .completed)
        if done < expected.iterations.count { _ = try painting.next() }
      }
    }
  }

  @Test(
    "a painting that was stopped inside a step goes on from a file to the same bytes",
    arguments: [Recipe.Method.lbfgs(), .adam()])
  func stopped(_ method: Recipe.Method) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      var painting = try Painting(Self.recipe(method), network: Self.network())
      let expected = try painting.rest().picture
      painting = try Painting(Self.recipe(method), network: Self.network())
      var stops = 0
      while true {
        // At the first evaluation after an iteration, which for Adam comes after its move.
        var asked = 0
        while try painting.next(shouldStop: {
          asked += 1
          return asked > 1
        }) != nil {}
        guard painting.ending == .stopped else { break }
        stops += 1
        try painting.checkpoint(to: file)
        painting = try Painting(resuming: file, network: Self.network())
      }
      #expect(stops >= 5)
      #expect(painting.picture == expected)
    }
  }

  @Test("what a settled size or a finished painting had come to stays so")
  func endings() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      var recipe = Self.recipe()
      recipe.stoppedAtIteration = 3
      var painting = try Painting(recipe, network: Self.network())
      let expected = try painting.rest().picture
      #expect(painting.ending == .cutShort)
      try painting.checkpoint(to: file)
      var resumed = try Painting(resuming: file, network: Self.network())
      #expect(resumed.ending == .cutShort && resumed.picture == expected)
      #expect(try resumed.next() == nil)
      let paths = ["a.png", "b.png"].map { folder.appending(path: $0).path }
      try painting.write(to: paths[0])
      try resumed.write(to: paths[1])
      let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test("pictures that are in no file are kept in the checkpoint, with their transparency")
  func picturesInMemory() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let content = Picture.random(width: 40, height: 33, maximum: 255, hasAlpha: true, seed: 1)
      let style = Picture.random(width: 35, height: 41, maximum: 255, hasAlpha: false, seed: 2)
      var recipe = Recipe.transfer(
        content: .picture(content), styles: [.picture(style), .file(Self.example("kitten.jpg"))],
        preset: .study)
      recipe.start = .picture(.picture(content))
      recipe.size = 0
      recipe.scales = .single(iterations: 3)
      var painting = try Painting(recipe, network: Self.network())
      for _ in 0..<2 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      let expected = try painting.rest().picture
      var resumed = try Painting(resuming: file, network: Self.network())
      #expect(try resumed.rest().picture == expected)
      #expect(resumed.prepared.recipe.content?.picture == .picture(content))
    }
  }

  @Test("a picture that was moved is found by its digest; one that was changed, or is gone, is told of")
  func movedPictures() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let place = folder.appending(path: "photos")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
      let photo = place.appending(path: "in.png")
      try Picture(contentsOf: Self.example("castle.jpg")).resized(longestSide: 40).write(to: photo.path)
      var recipe = Recipe.reconstruction(of: .file(photo.path))
      recipe.size = 40
      recipe.scales = .single(iterations: 2)
      var painting = try Painting(recipe, network: Self.network())
      _ = try painting.next()
      try painting.checkpoint(to: file)
      let expected = try painting.rest().picture

      let moved = folder.appending(path: "renamed.png")
      try FileManager.default.moveItem(at: photo, to: moved)
      var resumed = try Painting(resuming: file, network: Self.network())
      #expect(try resumed.rest().picture == expected)

      try FileManager.default.removeItem(at: moved)
      let missing = #expect(throws: StyleTransferError.self) {
        try Painting(resuming: file, network: Self.network())
      }
      #expect(missing?.kind == .missingInput && missing?.description.contains("'in.png'") == true)

      try Picture(contentsOf: Self.example("castle.jpg")).resized(longestSide: 41).write(to: photo.path)
      let changed = #expect(throws: StyleTransferError.self) {
        try Painting(resuming: file, network: Self.network())
      }
      #expect(changed?.kind == .badData)
      #expect(changed?.description.contains("in.png' is no longer the picture that was used") == true)
    }
  }

  @Test("what is no checkpoint is refused in a sentence")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let network = try Self.network()
      let file = folder.appending(path: "state").path
      func refusal(_ bytes: some Collection<UInt8>) throws -> StyleTransferError? {
        try Data(bytes).write(to: URL(filePath: file))
        return #expect(throws: StyleTransferError.self) { try Painting(resuming: file, network: network) }
      }
      let missing = #expect(throws: StyleTransferError.self) {
        try Painting(resuming: file, network: network)
      }
      #expect(missing?.kind == .missingInput)
      #expect(try refusal("{}".utf8)?.description.contains("'\(file)' is no checkpoint") == true)
      try Safetensors.write(["x": Tensor<Float>([1])], to: file)
      #expect(
        try refusal(Data(contentsOf: URL(filePath: file)))?.description.contains("does not say") == true)

      var painting = try Painting(Self.recipe(), network: network)
      for _ in 0..<4 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      let bytes = try Data(contentsOf: URL(filePath: file))
      for count in [bytes.count - 1, bytes.count / 2, 100, 7] {
        let error = try refusal(bytes.prefix(count))
        #expect(error?.kind == .badData && error?.description.contains("is no checkpoint") == true)
      }
      let text = "\"impasto-checkpoint\":\"2\""
      let place = try #require(bytes.firstRange(of: Data(text.utf8)))
      let other = bytes.replacing(bytes[place], with: Data(text.replacing("2", with: "9").utf8))
      #expect(try refusal(other)?.description.contains("format 9") == true)
    }
  }

  @Test("a file in which a byte has changed is refused, wherever it is")
  func damage() throws {
    try withTemporaryFolder { folder in
      let network = try Self.network()
      let file = folder.appending(path: "state").path
      var painting = try Painting(Self.recipe(), network: network)
      for _ in 0..<5 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      let bytes = try Data(contentsOf: URL(filePath: file))
      let header =
        8 + Int(bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * $1.offset) })
      // A size in the settings, then one bit in each part of the numbers.
      let size = try #require(bytes.firstRange(of: Data("32:2".utf8))).lowerBound
      let places = [size] + stride(from: header + 2, to: bytes.count, by: (bytes.count - header) / 9)
      for place in places {
        var damaged = bytes
        damaged[place] ^= 1
        try damaged.write(to: URL(filePath: file))
        let error = #expect(throws: StyleTransferError.self) {
          try Painting(resuming: file, network: network)
        }
        #expect(error?.kind == .badData && error?.description.contains("damaged") == true, "\(place)")
      }
    }
  }
}
