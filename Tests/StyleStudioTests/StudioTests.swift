import Foundation
import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleStudio

/// A studio at work, on the real network at small sizes.
@Suite("Studio", .serialized)
struct StudioTests {
  /// The package's examples, made small once: a debug build takes seconds to do so.
  private static let small: [String: [UInt8]] = {
    let names = ["castle", "starry_night", "cafe_terrace"]
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name).jpg").path
        let picture = try! Picture(contentsOf: path).resized(longestSide: 80)
        return ("\(name).jpg", try! picture.encoded(as: .png))
      })
  }()

  private static func bytes(_ name: String) -> [UInt8] { small[name]! }

  /// A studio with two pictures, and what it is wished to paint.
  private static func studio(_ settings: String) throws -> (Studio, StudioWish) {
    let studio = try Studio(network: VGG19.cached())
    studio.start()
    var wish = StudioWish()
    wish.content = try studio.bring(bytes("castle.jpg"), name: "castle.jpg").id
    wish.styles = [try studio.bring(bytes("starry_night.jpg"), name: "starry_night.jpg").id]
    wish.settings = settings
    return (studio, wish)
  }

  private static func state(_ studio: Studio) -> StudioState { studio.told(path: -1, after: 0) }

  /// Waits for a state of the studio, for a minute at most.
  private static func awaited(
    _ studio: Studio, _ what: Comment, _ isThere: (StudioState) -> Bool
  ) throws -> StudioState {
    let deadline = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < deadline {
      let state = state(studio)
      if isThere(state) { return state }
      studio.wait(newerThan: state.version, seconds: 0.2)
    }
    Issue.record(what)
    return state(studio)
  }

  private static let endless = #"{"scales": "48:100000", "stop-when-settled": false, "balance": 0.2}"#

  @Test("an unchanged run gives the picture of a painting by itself, with settings that make it again")
  func plain() throws {
    let (studio, wish) = try Self.studio(#"{"scales": "32:2,48:3", "balance": 0.4}"#)
    defer { studio.close() }
    try studio.begin(wish)
    let state = try Self.awaited(studio, "the end") { $0.phase == .ended }
    #expect(state.iteration?.iteration == 5 && state.width == 48 && state.sides == [32, 48])
    #expect(state.points.map(\.iteration) == [0, 1, 2, 2, 3, 4, 5])
    #expect(
      state.command
        == "impasto transfer --content castle.jpg --style starry_night.jpg --balance 0.4 --scales 32:2,48:3 --size 48 -o result.png"
    )

    try withTemporaryFolder { folder in
      var changes = RecipeChanges()
      (changes.content, changes.styles) = (folder.path + "/castle.jpg", [folder.path + "/starry_night.jpg"])
      for name in ["castle.jpg", "starry_night.jpg"] {
        try Data(Self.bytes(name)).write(to: folder.appending(path: name))
      }
      (changes.scales, changes.balance) = (try ScaleList(parsing: "32:2,48:3"), 0.4)
      var painting = try Painting(Recipe(.transfer, [changes]), network: VGG19.cached())
      while try painting.next() != nil {}
      let (alone, ours) = (folder.path + "/alone.png", folder.path + "/ours.png")
      try painting.write(to: alone)
      let png = try #require(try studio.png(node: nil, bitDepth: .eight))
      try Data(png).write(to: URL(filePath: ours))
      #expect(try Data(contentsOf: URL(filePath: alone)) == Data(png))
      let sixteen = try #require(try studio.png(node: nil, bitDepth: .sixteen))
      #expect(try Picture.settings(in: sixteen, path: "")?.contains("\"bit-depth\":16") == true)
    }
  }

  @Test(
    "a change takes effect while it runs: the objective's weights are others, iterations count on, the picture stays"
  )
  func change() throws {
    let (studio, first) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(first)
    let before = try Self.awaited(studio, "five iterations") { $0.iteration?.iteration ?? 0 >= 5 }
    var wish = first
    wish.settings = Self.endless.replacing("0.2", with: "0.8")
    try studio.change(to: wish)
    let after = try Self.awaited(studio, "the change") {
      $0.nodes.count == 1 && $0.iteration!.iteration > $0.nodes[0].iteration + 2
    }
    #expect(after.settings["balance"] == .number(0.8) && before.settings["balance"] == .number(0.2))
    #expect(after.nodes[0].iteration >= 5 && after.nodes[0].label == "balance 0.8")
    // From the picture that was there: the content's own loss goes on from where it was, with no start in between.
    let points = after.points
    let place = try #require(points.lastIndex { $0.iteration == after.nodes[0].iteration })
    #expect(points[place - 1].iteration == points[place].iteration)
    #expect(abs(points[place].content - points[place - 1].content) < 0.05 * points[place].content)
    let ratio = { (p: StudioState.Point) in (p.total - p.content) / p.style }
    #expect(ratio(points[points.count - 1]) > 3 * ratio(points[1]), "the style's weight has grown")
    // A picture that more settings than its own have made says so.
    let settings = try Picture.settings(in: #require(try studio.png(node: nil, bitDepth: .eight)), path: "")
    #expect(settings?.contains("\"changed-in-flight\":true") == true)
    let kept = try Picture.settings(in: #require(try studio.png(node: 0, bitDepth: .eight)), path: "")
    #expect(kept?.contains("changed-in-flight") == false && kept?.contains("\"balance\":0.2") == true)
  }

  @Test("a size, a preset, layers and other paintings can be changed, and the last of several changes counts")
  func changes() throws {
    let (studio, first) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(first)
    _ = try Self.awaited(studio, "iterations") { $0.iteration?.iteration ?? 0 >= 3 }
    var wish = first
    wish.settings =
      #"{"size": 64, "pyramid": false, "iterations": 100000, "stop-when-settled": false, "preset": "painterly"}"#
    try studio.change(to: wish)
    let larger = try Self.awaited(studio, "64 pixels") { $0.iteration?.side == 64 }
    #expect(larger.width == 64 && larger.iteration!.iteration >= 3)
    wish.styles = [try studio.bring(Self.bytes("cafe_terrace.jpg"), name: "cafe.jpg").id]
    try studio.change(to: wish)
    _ = try Self.awaited(studio, "another painting") {
      $0.styles.first?.name == "cafe.jpg" && $0.nodes.count == 2
    }
    #expect(throws: RecipeError.self) {
      wish.settings = #"{"balance": 7}"#
      try studio.change(to: wish)
    }
    #expect(Self.state(studio).phase == .running)
  }

  @Test("one goes back in the history, and on from there, and nothing of the other branch is lost")
  func branching() throws {
    let (studio, first) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(first)
    _ = try Self.awaited(studio, "iterations") { $0.iteration?.iteration ?? 0 >= 4 }
    var wish = first
    wish.settings = Self.endless.replacing("0.2", with: "0.9")
    try studio.change(to: wish)
    _ = try Self.awaited(studio, "the change") {
      $0.nodes.count == 1 && $0.iteration!.iteration > $0.nodes[0].iteration + 1
    }
    let there = try studio.png(node: 0, bitDepth: .eight)
    try studio.back(to: 0)
    let back = try Self.awaited(studio, "the way back") { $0.phase == .paused }
    #expect(back.nodes.count == 2 && back.node == 0 && back.settings["balance"] == .number(0.2))
    #expect(back.iteration?.iteration == back.nodes[0].iteration)
    let now = try #require(try studio.png(node: nil, bitDepth: .eight))
    #expect(try Picture(decoding: now, path: "") == Picture(decoding: #require(there), path: ""))
    studio.resume()
    let on = try Self.awaited(studio, "going on") { $0.iteration!.iteration > $0.nodes[0].iteration + 1 }
    #expect(on.phase == .running)
    try studio.back(to: 1)
    let other = try Self.awaited(studio, "the other branch") { $0.node == 1 && $0.phase == .paused }
    #expect(other.settings["balance"] == .number(0.9) && other.nodes.count == 3 && other.nodes[2].parent == 0)
    #expect(throws: StyleTransferError.self) { try studio.back(to: 77) }
  }

  @Test("what is kept does not change, and what is not goes on")
  func mask() throws {
    let (studio, wish) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(wish)
    _ = try Self.awaited(studio, "iterations") { $0.iteration?.iteration ?? 0 >= 4 }
    studio.pause()
    let paused = try Self.awaited(studio, "the pause") { $0.phase == .paused }
    let before = try Picture(decoding: #require(try studio.png(node: nil, bitDepth: .sixteen)), path: "")
    let (w, h) = (before.width, before.height)
    let mask = Picture(
      width: w, height: h, colour: (0..<3 * w * h).map { $0 % w < w / 2 ? 1 : 0 })
    try studio.keep(mask, ofContent: false)
    _ = try Self.awaited(studio, "the mask") { $0.hasMask }
    studio.resume()
    _ = try Self.awaited(studio, "more iterations") {
      $0.iteration!.iteration > paused.iteration!.iteration + 6
    }
    studio.pause()
    _ = try Self.awaited(studio, "the second pause") { $0.phase == .paused }
    let after = try Picture(decoding: #require(try studio.png(node: nil, bitDepth: .sixteen)), path: "")
    func moved(_ columns: Range<Int>) -> Float {
      (0..<3 * w * h).filter { columns.contains($0 % w) }.map { abs(before.colour[$0] - after.colour[$0]) }
        .max()!
    }
    // Beyond Lanczos' reach from the mask's edge.
    #expect(moved(0..<w / 2 - 4) <= 2.0 / 65535)
    #expect(moved(w / 2 + 4..<w) > 0.01)
  }

  @Test(
    "a mask that keeps the photograph is a setting: in the command, in the picture, and a file of its digest")
  func settingMask() throws {
    let (studio, wish) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(wish)
    let begun = try Self.awaited(studio, "iterations") { $0.iteration?.iteration ?? 0 >= 2 }
    let mask = Picture(width: 64, height: 64, colour: (0..<3 * 64 * 64).map { $0 % 64 < 32 ? 1 : 0 })
    try studio.keep(mask, ofContent: true)
    let masked = try Self.awaited(studio, "the mask") { $0.mask != nil }
    #expect(masked.hasMask && masked.mask?.name == "mask.png" && masked.nodes.count == 1)
    #expect(masked.command?.contains(" --mask mask.png") == true, "\(masked.command ?? "")")
    #expect(masked.settings["mask"] == .text("mask.png"))
    _ = try Self.awaited(studio, "more iterations") {
      $0.iteration!.iteration > begun.iteration!.iteration + 3
    }
    studio.pause()
    _ = try Self.awaited(studio, "the pause") { $0.phase == .paused }
    let png = try #require(try studio.png(node: nil, bitDepth: .eight))
    let (made, content) = (
      try Picture(decoding: png, path: ""), try #require(studio.place?.prepared.pictures.content)
    )
    let photograph = content.resized(width: made.width, height: made.height)
    let kept = (0..<3 * made.width * made.height).filter { $0 % made.width < made.width / 2 - 2 }
    // Half of a step of 8 bits.
    #expect(kept.allSatisfy { abs(made.colour[$0] - photograph.colour[$0]) < 0.502 / 255 })
    let file = try #require(try studio.maskPNG())
    let settings = try #require(try Picture.settings(in: png, path: ""))
    let recipe = try JSONDecoder().decode(Recipe.self, from: Data(settings.utf8))
    #expect(recipe.transfer?.mask?.path == "mask.png")
    // Pictures are called by the beginnings of their digests.
    let again = try studio.bring(file, name: "again.png").id
    #expect(recipe.transfer?.mask?.sha256?.prefix(16) == again[...])
    try studio.keep(nil, ofContent: true)
    _ = try Self.awaited(studio, "no mask") { $0.mask == nil && !$0.hasMask }
    #expect(throws: StyleTransferError.self) {
      try studio.keep(Picture(width: 2, height: 2, colour: [Float](repeating: 1, count: 12)), ofContent: true)
    }
  }

  @Test("no path comes from the page, of masks neither")
  func maskPaths() throws {
    let (studio, wish) = try Self.studio(Self.endless)
    var asked = wish
    asked.settings =
      #"{"mask": "/etc/hostname", "mask-sha256": "00", "region": ["/etc/hostname"], "region-sha256": ["1"]}"#
    let recipe = try asked.recipe(studio.pictures)
    #expect(recipe.transfer?.mask == nil && recipe.transfer?.regions.isEmpty == true)
    asked.mask = "0123456789abcdef"
    #expect(throws: StyleTransferError.self) { try asked.recipe(studio.pictures) }
  }

  @Test("a second picture waits for its turn, and a stop lets it begin")
  func queue() throws {
    let (studio, wish) = try Self.studio(Self.endless)
    defer { studio.close() }
    try studio.begin(wish)
    _ = try Self.awaited(studio, "iterations") { $0.iteration?.iteration ?? 0 >= 1 }
    var texture = StudioWish()
    (texture.kind, texture.styles) = (.texture, wish.styles)
    texture.settings = #"{"scales": "32:2"}"#
    try studio.begin(texture)
    #expect(Self.state(studio).queue == ["texture of starry_night.jpg"])
    for _ in 0..<7 { try studio.begin(texture) }
    #expect(throws: StyleTransferError.self) { try studio.begin(texture) }
    studio.clearQueue()
    try studio.begin(texture)
    studio.stop()
    let end = try Self.awaited(studio, "the texture") { $0.kind == .texture && $0.phase == .ended }
    #expect(end.iteration?.iteration == 2 && end.queue.isEmpty && end.nodes.isEmpty)
  }

  @Test("a run that cannot be is told, and the studio takes the next one")
  func failure() throws {
    let (studio, first) = try Self.studio(#"{"size": 20}"#)
    defer { studio.close() }
    try studio.begin(first)
    let state = try Self.awaited(studio, "the failure") { $0.phase == .failed }
    #expect(state.message?.contains("--size") == true)
    var wish = first
    wish.settings = #"{"scales": "32:1"}"#
    try studio.begin(wish)
    _ = try Self.awaited(studio, "the next run") { $0.phase == .ended }
  }

  @Test("the page may name no files, digests or weights: what it says of them is not heard")
  func paths() throws {
    let (studio, first) = try Self.studio("{}")
    defer { studio.close() }
    var wish = first
    wish.settings =
      #"{"content": "/etc/passwd", "style": ["/etc/passwd"], "init": "/etc/passwd", "weights-sha256": "0", "scales": "32:1"}"#
    try studio.begin(wish)
    let state = try Self.awaited(studio, "the end") { $0.phase == .ended }
    #expect(state.content?.name == "castle.jpg" && state.settings["init"] == .text("colour"))
    #expect(throws: StyleTransferError.self) {
      _ = try StudioWish(json: Array(#"{"command": "transfer", "content": "/etc/passwd"}"#.utf8)).recipe(
        StudioPictures())
    }
  }

  @Test("frames are as large as is asked for, and the same until there is a new picture")
  func frames() throws {
    let (studio, wish) = try Self.studio(#"{"scales": "48:2"}"#)
    defer { studio.close() }
    #expect(try studio.frame(longestSide: 100) == nil)
    try studio.begin(wish)
    _ = try Self.awaited(studio, "the end") { $0.phase == .ended }
    let frame = try #require(try studio.frame(longestSide: 40))
    let picture = try Picture(decoding: frame.jpeg, path: "")
    #expect(max(picture.width, picture.height) == 40)
    let again = try #require(try studio.frame(longestSide: 40))
    #expect(again.number == frame.number && again.jpeg == frame.jpeg)
  }
}
