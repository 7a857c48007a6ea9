import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleStudy

@Suite("Study: rearrangements")
struct RearrangementTests {
  private static let picture = Picture(
    width: 50, height: 35,
    colour: DeterministicValues(seed: 3).uniform(3 * 50 * 35, in: 0...1).map(Float.init),
    alpha: nil)

  @Test("every rearrangement has the picture's pixels, in other places")
  func samePixels() {
    func pixels(_ picture: Picture) -> [[Float]] {
      let plane = picture.width * picture.height
      return (0..<plane).map { i in (0..<3).map { picture.colour[$0 * plane + i] } }
        .sorted { $0.lexicographicallyPrecedes($1) }
    }
    for (name, _, _, rearranged) in StudyFiles.rearrangements(Self.picture) {
      #expect(pixels(rearranged) == pixels(Self.picture), "\(name)")
      #expect(rearranged.colour != Self.picture.colour, "\(name)")
    }
  }

  @Test("a shift moves right and down, and comes round; a mirror is its own inverse")
  func directions() {
    let shifted = Self.picture.shifted(by: 3)
    #expect(shifted.colour[3 * 50 + 3] == Self.picture.colour[0])
    #expect(shifted.colour[0] == Self.picture.colour[32 * 50 + 47])
    #expect(Self.picture.mirrored.mirrored == Self.picture)
    #expect(Self.picture.mirrored.colour[0] == Self.picture.colour[49])
  }

  @Test("the crop is the middle, with sides that are multiples of 16")
  func crop() {
    let cropped = Self.picture.croppedToWholeBlocks
    #expect(cropped.width == 48 && cropped.height == 32)
    #expect(cropped.colour[0] == Self.picture.colour[1 * 50 + 1])
  }

  @Test("a shift by whole blocks leaves every Gram matrix of a circular network as it was")
  func circularShift() throws {
    let network = try VGG19(contentsOf: try WeightsLocator.path(explicit: nil), padding: .circular)
    let picture = Self.picture.croppedToWholeBlocks
    let distances = try LossProbe(picture, network: network).distances(of: picture.shifted(by: 16))
    #expect(distances.count == 16)
    for one in distances {
      // Sums of squares in `Float`, in another order.
      #expect(one.gram < 1e-8, "\(one.layer)")
      // Five orders above what the Gram loss may see.
      #expect(one.content > 1e-3, "\(one.layer)")
    }
  }
}
