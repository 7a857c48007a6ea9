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
        let place = arena.allocate(byteCount)
        let block = try #require(place).block
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
    let last = arena.allocate(highWater)
    let (whole, isReused) = try #require(last)
    #expect(isReused)
    #expect(arena.highWater == highWater)
    arena.release(whole, highWater)
  }

  @Test("a large block's memory serves smaller ones, and the other way round")
  func memoryIsSharedBetweenSizes() throws {
    var arena = Arena(reserving: 1 << 30)
    let first = arena.allocate(8 * Self.page)
    let large = try #require(first).block
    arena.release(large, 8 * Self.page)
    let small = (0..<8).compactMap { _ in arena.allocate(Self.page)?.block }
    #expect(small.count == 8)
    #expect(arena.highWater == 8 * Self.page)
    for block in small { arena.release(block, Self.page) }
    let again = arena.allocate(8 * Self.page)
    #expect(again?.block == large)
    #expect(arena.highWater == 8 * Self.page)
  }

  @Test("drained memory no longer counts, and reads as zeros when it is used again")
  func drainGivesMemoryBack() throws {
    var arena = Arena(reserving: 1 << 30)
    let first = arena.allocate(4 * Self.page)
    let block = try #require(first).block
    block.initializeMemory(as: UInt8.self, repeating: 0xAB, count: 4 * Self.page)
    // Above the block, so that draining cannot simply lower the high-water mark.
    let second = arena.allocate(Self.page)
    let last = try #require(second).block
    arena.release(block, 4 * Self.page)
    arena.drain()
    #expect(arena.freeBytes == 0)
    let third = arena.allocate(4 * Self.page)
    let (again, isReused) = try #require(third)
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
    let place = arena.allocate(2 << 30)
    #expect(place == nil)
  }
}
