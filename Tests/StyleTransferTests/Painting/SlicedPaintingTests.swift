import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Paintings whose style is looked at along directions that turn.
@Suite("Sliced paintings")
struct SlicedPaintingTests {
  /// A texture whose directions turn once, after iteration 20.
  private static func recipe(
    _ method: Recipe.Method = .lbfgs(history: 3), alpha: [Float]? = nil, statistic: StyleStatistic = .sliced
  ) -> Recipe {
    var recipe = Recipe.smallTexture(
      alpha: alpha, statistic: statistic, scales: .list(ScaleList([.init(side: 32, iterations: 22)])))
    recipe.method = method
    return recipe
  }

  private static func network() throws -> VGG19 { try VGG19.cached() }

  @Test(
    "the objective falls before and after the directions turn, to the same bytes on any number of threads")
  func painting() throws {
    let runs = try [1, 3].map { threads in
      try withThreadCount(threads) {
        var painting = try Painting(Self.recipe(), network: Self.network())
        return try painting.rest()
      }
    }
    #expect(runs[0].iterations == runs[1].iterations && runs[0].picture == runs[1].picture)
    let totals = runs[0].iterations.map(\.total)
    #expect(totals.count == 23)
    #expect(totals[20] < 0.5 * totals[0])
    // One evaluation more where the function became another.
    let evaluations = runs[0].iterations.map(\.evaluations)
    #expect(evaluations[21] - evaluations[20] >= 2)
    #expect(totals[22] < totals[21])
  }

  @Test(
    "it goes on from a file around the turn to the same losses and the same bytes",
    arguments: [Recipe.Method.lbfgs(history: 3), .adam()])
  func resumed(_ method: Recipe.Method) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      var whole = try Painting(Self.recipe(method), network: Self.network())
      let expected = try whole.rest()
      var painting = try Painting(Self.recipe(method), network: Self.network())
      for done in 0...expected.iterations.count {
        if done >= 20 {
          try painting.checkpoint(to: file)
          var resumed = try Painting(resuming: file, network: Self.network())
          let found = try resumed.rest()
          #expect(found.iterations == Array(expected.iterations[done...]), "\(done)")
          #expect(found.picture == expected.picture, "\(done)")
        }
        if done < expected.iterations.count { _ = try painting.next() }
      }
    }
  }

  @Test("one that was stopped inside the step of the turn goes on to the same bytes", arguments: [1, 2])
  func stopped(evaluations: Int) throws {
    for method in [Recipe.Method.lbfgs(history: 3), .adam()] {
      try withTemporaryFolder { folder in
        let file = folder.appending(path: "state").path
        var painting = try Painting(Self.recipe(method), network: Self.network())
        let expected = try painting.rest().picture
        painting = try Painting(Self.recipe(method), network: Self.network())
        for _ in 0...20 { _ = try painting.next() }
        var asked = 0
        _ = try painting.next(shouldStop: {
          asked += 1
          return asked > evaluations
        })
        try painting.checkpoint(to: file)
        painting = try Painting(resuming: file, network: Self.network())
        #expect(try painting.rest().picture == expected)
      }
    }
  }

  @Test("another seed is another texture, also of the same start")
  func seeds() throws {
    let start = Picture.noise(32, 26, seed: 5)
    let pictures = try [UInt64(1), 2].map { seed in
      var recipe = Self.recipe()
      recipe.scales = .list(ScaleList([.init(side: 32, iterations: 2)]))
      recipe.start = .picture(.picture(start))
      recipe.seed = seed
      var painting = try Painting(recipe, network: Self.network())
      return try painting.rest().picture
    }
    #expect(pictures[0] != pictures[1])
  }

  @Test("masks, regions and transparent pictures are refused in a sentence")
  func refusals() throws {
    let transparent = Self.recipe(alpha: Array(repeating: 0.5, count: 40 * 32))
    #expect {
      _ = try PreparedRecipe(transparent)
    } throws: { error in
      "\(error)".hasPrefix("--style-loss sliced sorts whole layers and knows no --mask, no --region")
    }
  }

  @Test("it is planned in one piece, and too little memory is refused with the reason")
  func plan() throws {
    let prepared = try PreparedRecipe(Self.recipe())
    let plan = RunPlan(prepared, memoryLimit: ByteCount(30e6))
    #expect(plan.strips == [.none])
    #expect {
      try plan.checkMemory()
    } throws: { error in
      "\(error)".contains(
        "since --style-loss sliced sorts whole layers and cannot be run in strips, and --memory-limit")
    }
    let gram = RunPlan(try PreparedRecipe(Self.recipe(statistic: .gram)))
    // Five layers' worth and more of relu_1 and relu_3, which have 64 and 128 channels at 32×26 and half of that.
    #expect(RunPlan(prepared).memory.peak.bytes > gram.memory.peak.bytes + 5 * 4 * (64.0 * 832 + 128 * 208))
  }
}
