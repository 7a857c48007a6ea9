import NN
import Testing

@testable import StyleTransfer

@Suite("Plans of runs")
struct RunPlanTests {
  @Test("what can be cut to within a limit is not refused, from a megabyte short of one piece to the least")
  func limits() throws {
    let recipe = Recipe.smallTexture(
      statistic: .gram, scales: .list(ScaleList([.init(side: 3000, iterations: 3)])), width: 3000)
    let prepared = try PreparedRecipe(recipe)
    let whole = RunPlan(prepared, memoryLimit: ByteCount(1e12)).memory.peak.bytes
    let least = RunPlan(prepared, memoryLimit: ByteCount(1)).memory.peak.bytes
    // So large that 4 % of it are more than what a choice leaves free.
    #expect(least > 1.6e9 && least < 0.8 * whole)
    for limit in stride(from: least, to: whole, by: 2e7) {
      let plan = RunPlan(prepared, memoryLimit: ByteCount(limit))
      #expect(plan.strips.last != VGG19.Strips.none)
      // 64 MB are left for what no plan sees.
      if plan.memory.peak.bytes <= limit - 64e6 {
        try plan.checkMemory()
      } else {
        #expect(throws: StyleTransferError.self) { try plan.checkMemory() }
      }
    }
  }
}
