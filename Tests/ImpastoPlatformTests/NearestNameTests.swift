import Testing

@testable import ImpastoPlatform

@Suite("nearestName")
struct NearestNameTests {
  @Test(
    "letters inserted, removed and replaced are counted, case included",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("conv4_1", "conv4_1", 0), ("conv4_1", "conv41", 1),
      ("kitten", "sitting", 3), ("relu", "ReLU", 3), ("é", "e", 1),
    ])
  func distances(a: String, b: String, expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test("the nearest name is found with its distance, of several the first; among none there is none")
  func nearest() {
    let found = nearestName(to: "relu41", among: ["conv4_1", "relu4_1", "relu4_2", "relu411"])
    #expect(found?.name == "relu4_1")
    #expect(found?.distance == 1)
    #expect(nearestName(to: "x", among: []) == nil)
  }
}
