import Foundation
import NN
import StyleTransfer
import Synchronization

/// A studio: the pictures that were brought, the painting that is being made, and its history.
///
/// One thread paints. Whoever asks or wishes does so under a lock that is held for moments: a wish is noted, ends the
/// iteration that is being made, and is carried out by the thread before the next one. So a page that goes away changes
/// nothing, and two pages see the same run.
package final class Studio: @unchecked Sendable {
  let network: VGG19
  let weightsSHA256: String
  let knownStyles = KnownStyles()
  let memoryLimit: ByteCount?
  /// Guards all that follows, and tells of changes.
  let change = NSCondition()

  var pictures = StudioPictures()
  var state = StudioState()
  var orders: [Order] = []
  var waiting: [StudioWish] = []
  var points: [StudioState.Point] = []
  var place: Painting.Place?
  var wish = StudioWish()
  var nodes: [Int: Node] = [:]
  var nodeCount = 0
  var pace = Pace()
  var isClosed = false
  /// Whether the picture was made by more than the settings that it would carry.
  var isChanged = false
  let preview = Mutex<Preview?>(nil)

  /// A frame as the page gets it.
  struct Preview: Sendable {
    let frame: Int
    let side: Int
    let jpeg: [UInt8]
  }

  /// What is asked of the thread that paints.
  enum Order {
    case begin(StudioWish)
    case change(StudioWish)
    case back(Int)
    case keep(KeptPart?)
    case pause, resume, stop
  }

  /// A place to come back to.
  struct Node {
    let place: Painting.Place
    let wish: StudioWish
    let points: [StudioState.Point]
    let isChanged: Bool
    let told: StudioState.Node
  }

  /// Pictures that wait for their turn, and places to come back to, at most.
  static let (waitingLimit, nodeLimit) = (8, 60)

  /// A studio with nothing in it.
  ///
  /// - Throws: ``StyleTransferError`` when the weights cannot be read for their digest.
  package init(network: VGG19, memoryLimit: ByteCount? = nil) throws {
    (self.network, self.memoryLimit) = (network, memoryLimit)
    weightsSHA256 = try network.weights.sha256()
  }

  /// Begins to carry out wishes; returns at once.
  package func start() {
    let thread = Thread { [self] in work() }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Ends the thread that paints, after the evaluation that it is in.
  package func close() { locked { isClosed = true } }

  func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
    change.lock()
    defer {
      change.broadcast()
      change.unlock()
    }
    return try body()
  }

  // MARK: - What is asked

  /// What the page shows.
  ///
  /// - Parameters:
  ///   - path: The branch whose losses the page has.
  ///   - count: How many of them it has.
  package func told(path: Int, after count: Int) -> StudioState {
    let used = ProcessMemory.resident
    return locked { () -> StudioState in
      var told = state
      told.points = path == state.path ? Array(points.dropFirst(count)) : points
      told.queue = waiting.map(title)
      told.memory = used
      told.secondsLeft = state.phase == .running ? pace.secondsLeft : nil
      return told
    }
  }

  /// Waits until there is something newer than `version`, for a moment at most.
  package func wait(newerThan version: Int, seconds: Double) {
    change.lock()
    defer { change.unlock() }
    let deadline = Date(timeIntervalSinceNow: seconds)
    while state.version <= version, !isClosed, change.wait(until: deadline) {}
  }

  /// The picture as it is now, as a JPEG of at most that longer side; `nil` before there is one.
  package func frame(longestSide: Int) throws -> (number: Int, jpeg: [UInt8])? {
    let (number, current) = locked { () -> (Int, Painting.Place?) in (state.frame, place) }
    guard let current else { return nil }
    // Pages that ask at the same time wait for the first one's, and share it.
    let jpeg = try preview.withLock { (known: inout Preview?) throws -> [UInt8] in
      if let known, known.frame == number, known.side == longestSide { return known.jpeg }
      let jpeg = try current.preview(longestSide: longestSide).encoded(
        as: .jpeg, PictureEncoding(quality: 88))
      known = Preview(frame: number, side: longestSide, jpeg: jpeg)
      return jpeg
    }
    return (number, jpeg)
  }

  /// The picture of a node, or one that was brought, for the page.
  package func image(_ name: String, longestSide: Int) throws -> [UInt8]? {
    let picture: Picture? =
      if let node = Int(name), name.count < 10 {
        locked { nodes[node]?.place }?.preview(longestSide: longestSide)
      } else {
        locked { pictures[name]?.picture }?.overWhite
      }
    guard let picture else { return nil }
    let size = picture.sizeWhen(longestSide: min(longestSide, max(picture.width, picture.height)))
    return try picture.resized(width: size.width, height: size.height)
      .encoded(as: .jpeg, PictureEncoding(quality: 85))
  }

  /// The picture at its finished size, as a PNG with its settings.
  ///
  /// - Parameter node: A place in the history; `nil` for the present one.
  package func png(node: Int?, bitDepth: PictureEncoding.BitDepth) throws -> [UInt8]? {
    let found = locked { () -> (place: Painting.Place, isChanged: Bool, isWhole: Bool)? in
      if let node { return nodes[node].map { ($0.place, $0.isChanged, false) } }
      return place.map { ($0, isChanged, state.isWhole) }
    }
    guard let found else { return nil }
    var recorded = found.place.prepared.recorded(
      weightsSHA256: weightsSHA256, stoppedAt: found.isWhole ? nil : found.place.iteration?.number ?? 0)
    recorded.bitDepth = bitDepth == .eight ? nil : bitDepth
    recorded.wasChanged = found.isChanged
    return try found.place.picture.encoded(
      as: .png, PictureEncoding(bitDepth: bitDepth, settings: recorded.json))
  }

  // MARK: - What is wished

  /// Takes a picture in.
  ///
  /// - Throws: ``PictureError`` or ``StyleTransferError`` for one that cannot be read.
  package func bring(_ bytes: [UInt8], name: String) throws -> StudioPicture {
    let picture = try StudioPicture(bytes: bytes, name: name)
    locked { pictures.add(picture) }
    return picture
  }

  /// The pictures that were brought, by the digests that settings name.
  package func known(sha256: String) -> StudioPicture? { locked { pictures.picture(sha256: sha256) } }

  /// Begins to paint, or waits for its turn while another painting is made.
  ///
  /// - Throws: ``RecipeError`` or ``StyleTransferError`` for a wish that cannot be carried out.
  package func begin(_ wish: StudioWish) throws {
    _ = try wish.recipe(locked { pictures })
    try locked {
      if isBusy {
        guard waiting.count < Self.waitingLimit else {
          throw StyleTransferError(.badData, "\(waiting.count) pictures wait already; stop one first")
        }
        waiting.append(wish)
        state.version += 1
      } else {
        order(.begin(wish))
      }
    }
  }

  /// Lets the painting go on with other settings, from the picture that is there.
  package func change(to wish: StudioWish) throws {
    _ = try wish.recipe(locked { pictures })
    try locked {
      guard place != nil else { throw StyleTransferError(.badData, "there is no painting to change yet") }
      // Of several changes that come while an iteration is made the last one counts.
      orders.removeAll { if case .change = $0 { true } else { false } }
      order(.change(wish))
    }
  }

  /// Goes back to a place in the history, to go on from there.
  package func back(to node: Int) throws {
    try locked {
      guard nodes[node] != nil else {
        throw StyleTransferError(.badData, "there is no such place in the history")
      }
      order(.back(node))
    }
  }

  /// Keeps a part of the picture as it is from now on. Where it is the photograph that is kept, the mask becomes one of the
  /// settings, and is a picture like those that the page brings.
  ///
  /// - Parameters:
  ///   - mask: How much of each pixel is kept, in red; `nil` to keep nothing.
  ///   - ofContent: Whether the photograph is kept there, rather than what has been painted.
  package func keep(_ mask: Picture?, ofContent: Bool) throws {
    guard let mask else {
      return locked {
        if wish.mask != nil {
          var plain = wish
          plain.mask = nil
          order(.change(plain))
        }
        order(.keep(nil))
      }
    }
    guard let current = locked({ () -> Painting.Place? in place }) else {
      throw StyleTransferError(.badData, "there is no painting yet")
    }
    let prepared = current.prepared
    guard ofContent, prepared.recipe.kind == .transfer, let content = prepared.pictures.content else {
      let part = KeptPart(
        mask: mask, of: ofContent ? prepared.pictures.content ?? current.picture : current.picture)
      return locked { order(.keep(part)) }
    }
    let painted = mask.invertedMask(width: content.width, height: content.height)
    guard painted.colour.contains(where: { $0 >= 0.5 / 255 }) else {
      throw StyleTransferError(.badData, "the whole photograph would stay; leave something to be painted")
    }
    let brought = try bring(painted.encoded(as: .png, PictureEncoding()), name: Self.maskName)
    var masked = locked { wish }
    masked.mask = brought.id
    try change(to: masked)
  }

  /// The name of the file that a painted mask is saved as.
  static let maskName = "mask.png"

  /// The mask of the settings, as a PNG with the digest that they have; `nil` where there is none.
  package func maskPNG() throws -> [UInt8]? {
    try locked { state.mask.flatMap { pictures[$0.id] } }?.picture.encoded(as: .png, PictureEncoding())
  }

  package func pause() { locked { order(.pause) } }
  package func resume() { locked { order(.resume) } }
  /// Ends the painting; the next one that waits begins.
  package func stop() { locked { order(.stop) } }
  /// Takes back the wishes that wait.
  package func clearQueue() {
    locked {
      waiting = []
      state.version += 1
    }
  }

  var isBusy: Bool { [.preparing, .running, .paused].contains(state.phase) || !orders.isEmpty }

  func order(_ order: Order) { orders.append(order) }

  func title(_ wish: StudioWish) -> String {
    let names = ([wish.content].compactMap { $0 } + wish.styles).compactMap { pictures[$0]?.name }
    return "\(wish.kind.rawValue) of \(names.joined(separator: " and "))"
  }
}
