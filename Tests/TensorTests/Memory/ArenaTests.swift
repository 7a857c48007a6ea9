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
    let size = 2 * Arena.pageSize
    let first = arena.allocate(size)
    let block = try #require(first).block
    block.initializeMemory(as: UInt8.self, repeating: 0xAB, count: size)
    // Above the block, so that draining cannot simply lower the high-water mark.
    let second = arena.allocate(Self.page)
    let last = try #require(second).block
    arena.release(block, size)
    arena.drain()
    #expect(arena.freeBytes == 0)
    #expect(arena.residentBytes == Arena.pageSize)
    let third = arena.allocate(size)
    let (again, isReused) = try #require(third)
    #expect(again == block)
    #expect(!isReused)
    #if os(Linux)
      #expect(again.load(as: UInt8.self) == 0)
    #endif
    arena.release(last, Self.page)
  }

  @Test("a page that a block has a part of keeps its memory when the rest is drained")
  func sharedPagesStay() throws {
    var arena = Arena(reserving: 1 << 30)
    let blocks = try (0..<3).map { _ in
      let place = arena.allocate(Self.page)
      return try #require(place).block
    }
    blocks[1].initializeMemory(as: UInt8.self, repeating: 0xCD, count: Self.page)
    arena.release(blocks[0], Self.page)
    arena.release(blocks[2], Self.page)
    arena.drain()
    #expect(arena.freeBytes == Self.page)
    #expect(arena.residentBytes == Arena.pageSize)
    #expect(blocks[1].load(as: UInt8.self) == 0xCD)
  }

  @Test("addresses that run out are reported, not invented")
  func exhaustion() {
    var arena = Arena(reserving: 1 << 30)
    let place = arena.allocate(2 << 30)
    #expect(place == nil)
  }

  #if os(Linux)
    @Test(
      "memory follows: a block that fits into no gap takes the gaps' memory and leaves its neighbours' as it was"
    )
    func memoryFollowsBlocks() throws {
      var arena = Arena(reserving: 1 << 30)
      let size = 4 * Arena.pageSize
      func block(_ byteCount: Int) throws -> UnsafeMutableRawPointer {
        let place = arena.allocate(byteCount)
        return try #require(place).block
      }
      // Every second one is released.
      var blocks: [UnsafeMutableRawPointer] = []
      for index in 0..<8 {
        let own = try block(size)
        own.initializeMemory(as: UInt8.self, repeating: UInt8(index + 1), count: size)
        blocks.append(own)
      }
      for index in stride(from: 0, to: 8, by: 2) { arena.release(blocks[index], size) }
      let before = arena.residentBytes
      #expect(before == 8 * size)
      let large = arena.allocate(4 * size)
      let (whole, isReused) = try #require(large)
      #expect(isReused)
      #expect(arena.residentBytes == before)
      #expect(arena.freeBytes == 0)
      whole.initializeMemory(as: UInt8.self, repeating: 0xEE, count: 4 * size)
      for index in stride(from: 1, to: 8, by: 2) {
        let bytes = UnsafeRawBufferPointer(start: blocks[index], count: size)
        #expect(bytes.allSatisfy { $0 == UInt8(index + 1) })
      }
      // A gap whose memory is gone is as good as any other place.
      let again = try block(size)
      #expect(again == blocks[0])
      #expect(arena.residentBytes == before + size)
      #expect(again.load(as: UInt8.self) == 0)
    }

    @Test("what is free in one arena serves another, and what is in use in it stays")
    func memoryIsLent() throws {
      var (first, second) = (Arena(reserving: 1 << 30), Arena(reserving: 1 << 30))
      let size = 4 * Arena.pageSize
      let places = (0..<3).map { _ in first.allocate(size)?.block }
      let blocks = try places.map { try #require($0) }
      for block in blocks { block.initializeMemory(as: UInt8.self, repeating: 0x5A, count: size) }
      first.release(blocks[0], size)
      first.release(blocks[2], size)
      let lent = second.allocate(3 * size, beside: &first)
      let (block, isReused) = try #require(lent)
      #expect(!isReused)
      #expect(first.residentBytes == size && first.freeBytes == 0)
      #expect(second.residentBytes == 3 * size)
      block.initializeMemory(as: UInt8.self, repeating: 0xA5, count: 3 * size)
      #expect(UnsafeRawBufferPointer(start: blocks[1], count: size).allSatisfy { $0 == 0x5A })
      second.release(block, 3 * size)
      let back = first.allocate(2 * size, beside: &second)
      #expect(back?.isReused == true)
      #expect(second.residentBytes == size && first.residentBytes == 3 * size)
    }

    @Test("what is resident is never much more than what is in use at one time")
    func residentStaysNearUse() throws {
      var arena = Arena(reserving: 1 << 32)
      var state: UInt64 = 11
      func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
      }
      var live: [(block: UnsafeMutableRawPointer, byteCount: Int, mark: UInt64)] = []
      var (inUse, most) = (0, 0)
      for _ in 0..<2_000 {
        if live.count > 12 || (!live.isEmpty && random(2) == 0) {
          let (block, byteCount, mark) = live.remove(at: random(live.count))
          #expect(block.load(as: UInt64.self) == mark)
          #expect((block + byteCount - 8).loadUnaligned(as: UInt64.self) == mark)
          arena.release(block, byteCount)
          inUse -= byteCount
        } else {
          let byteCount = 8 * (1 + random(3 * Arena.pageSize))
          let place = arena.allocate(byteCount)
          let block = try #require(place).block
          block.storeBytes(of: state, as: UInt64.self)
          (block + byteCount - 8).storeBytes(of: state, as: UInt64.self)
          live.append((block, byteCount, state))
          inUse += byteCount
          most = max(most, inUse)
        }
        // Of each block in use, and of each gap, the pages at both ends.
        #expect(arena.residentBytes <= most + 4 * 14 * Arena.pageSize)
        #expect(arena.residentBytes - arena.freeBytes >= inUse)
      }
      // In the end all memory is free, but for what of the last page was never handed out.
      for one in live { arena.release(one.block, one.byteCount) }
      #expect((0..<Arena.pageSize).contains(arena.residentBytes - arena.freeBytes))
    }
  #endif
}

extension Arena {
  /// A block for which there is no other arena to take memory from.
  fileprivate mutating func allocate(_ byteCount: Int) -> (block: UnsafeMutableRawPointer, isReused: Bool)? {
    var none = Arena(reserving: 0)
    return allocate(byteCount, beside: &none)
  }
}
