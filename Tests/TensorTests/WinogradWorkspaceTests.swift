import Testing

@testable import Tensor

@Suite("Winograd: workspace")
struct WinogradWorkspaceTests {
  @Test("a buffer is lent again where it is large enough")
  func reusesBuffers() {
    let workspace = WinogradWorkspace()
    var first: UnsafeMutablePointer<Float>?
    workspace.withFloats(1_000) { first = $0 }
    workspace.withFloats(900) { #expect($0 == first) }
    #expect(workspace.idleBytes == 4_000)
  }

  @Test("a buffer that is too small is replaced, not kept beside the new one")
  func replacesOutgrownBuffers() {
    let workspace = WinogradWorkspace()
    workspace.withFloats(1_000) { _ in }
    workspace.withFloats(2_000) { _ in }
    #expect(workspace.idleBytes == 8_000)
  }

  @Test("buffers in use at once are different, and aligned to a cache line")
  func lendsDisjointBuffers() {
    let workspace = WinogradWorkspace()
    workspace.withFloats(100) { outer in
      workspace.withFloats(100) { inner in
        #expect(outer != inner)
        for pointer in [outer, inner] { #expect(UInt(bitPattern: pointer) % 64 == 0) }
      }
    }
    #expect(workspace.idleBytes == 800)
  }

  @Test("drain leaves nothing")
  func drains() {
    let workspace = WinogradWorkspace()
    workspace.withFloats(1 << 20) { $0[1 << 19] = 1 }
    workspace.drain()
    #expect(workspace.idleBytes == 0)
  }
}
