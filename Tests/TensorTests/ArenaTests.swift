import Testing

@testable import Tensor

@Suite("Arena")
struct ArenaTests {
  private static let page = Arena.granularity

  @Test("blocks never overlap, and all free neighbours merge in the end")
  func blocksAreDisjoint() throws {
    var arena = Arena(reserving: 1 << 30)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var live: [(block: UnsafeMutableRawPointer, byteCount: Int)] = []
    for _ in 0..<5_000 {
      if live.count > 40 || (!live.isEmpty && random(2) == 0) {
        let (block, byteCount) = live.remove(at: random(live.count))
        arena.release(block, byteCount)
      } else {
        let byteCount = 1 + random(20 * Self.page)
        let (block, _) = try #require(arena.allocate(byteCount))
        #expect(UInt(bitPattern: block) % 64 == 0)
        let end = block + Arena.blockSize(byteCount)
        for other in live {
          let otherEnd = other.block + Arena.blockSize(other.byteCount)
          #expect(end <= other.block || otherEnd <= block)
        }
        live.append((block, byteCount))
      }
    }
    let highWater = arena.highWater
    for (block, byteCount) in live { arena.release(block, byteCount) }
    #expect(arena.freeBytes == highWater)
    let (whole, isReused) = try #require(arena.allocate(highWater))
    #expect(isReused)
    #expect(arena.highWater == highWater)
    arena.release(whole, highWater)
  }

  @Test("a large block's memory serves smaller ones, and the other way round")
  func memoryIsSharedBetweenSizes() throws {
    var arena = Arena(reserving: 1 << 30)
    let (large, _) = try #require(arena.allocate(8 * Self.page))
    arena.release(large, 8 * Self.page)
    let small = try (0..<8).map { _ in try #require(arena.allocate(Self.page)).block }
    #expect(arena.highWater == 8 * Self.page)
    for block in small { arena.release(block, Self.page) }
    _ = try #require(arena.allocate(8 * Self.page))
    #expect(arena.highWater == 8 * Self.page)
  }

  @Test("drained memory no longer counts, and reads as zeros when it is used again")
  func drainGivesMemoryBack() throws {
    var arena = Arena(reserving: 1 << 30)
    let (block, _) = try #require(arena.allocate(4 * Self.page))
    block.initializeMemory(as: UInt8.self, repeating: 0xAB, count: 4 * Self.page)
    let (last, _) = try #require(arena.allocate(Self.page))
    arena.release(block, 4 * Self.page)
    arena.drain()
    #expect(arena.freeBytes == 0)
    let (again, isReused) = try #require(arena.allocate(4 * Self.page))
    #expect(again == block)
    #expect(!isReused)
    #if os(Linux)
      #expect(again.load(as: UInt8.self) == 0)
    #endif
    arena.release(last, Self.page)
  }

  @Test("addresses that run out are reported, not invented")
  func exhaustion() {
    var arena = Arena(reserving: 1 << 30)
    #expect(arena.allocate(2 << 30) == nil)
  }
}
