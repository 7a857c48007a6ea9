import Testing

@testable import Tensor

@Suite("Workspace")
struct WorkspaceTests {
  @Test("a buffer is lent again where it is large enough")
  func reusesBuffers() {
    let workspace = Workspace()
    var first: UnsafeMutablePointer<Float>?
    workspace.withElements(1_000, of: Float.self) { first = $0 }
    workspace.withElements(900, of: Float.self) { #expect($0 == first) }
    #expect(workspace.idleBytes == 4_000)
  }

  @Test("a buffer that is too small is replaced, not kept beside the new one")
  func replacesOutgrownBuffers() {
    let workspace = Workspace()
    workspace.withElements(1_000, of: Float.self) { _ in }
    workspace.withElements(2_000, of: Float.self) { _ in }
    #expect(workspace.idleBytes == 8_000)
  }

  @Test("buffers in use at once are different, and aligned to a cache line")
  func lendsDisjointBuffers() {
    let workspace = Workspace()
    workspace.withElements(100, of: Float.self) { outer in
      workspace.withElements(100, of: Float.self) { inner in
        #expect(outer != inner)
        for pointer in [outer, inner] { #expect(UInt(bitPattern: pointer) % 64 == 0) }
      }
    }
    #expect(workspace.idleBytes == 800)
  }

  @Test("drain leaves nothing")
  func drains() {
    let workspace = Workspace()
    workspace.withElements(1 << 20, of: Float.self) { $0[1 << 19] = 1 }
    workspace.drain()
    #expect(workspace.idleBytes == 0)
  }
}
