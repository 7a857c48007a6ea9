import NN
import Testing

@testable import StyleTransfer

@Suite("Layer lists")
struct LayerListTests {
  @Test("names, aliases and weights are read, and written as they would be typed")
  func parsing() throws {
    let list = try LayerList(parsing: "conv_2, conv4_1:0.5,features.0")
    #expect(list.layers.map(\.layer.name) == ["conv_2", "conv_9", "conv_1"])
    #expect(list.layers.map(\.weight) == [1, 0.5, 1])
    #expect(list.names == ["conv_2", "conv4_1", "features.0"])
    #expect(list.description == "conv_2,conv_9:0.5,conv_1")
    #expect(try LayerList(parsing: list.description).layers == list.layers)
  }

  private static func convolutions(_ numbers: ClosedRange<Int>) -> [String] { numbers.map { "conv_\($0)" } }

  @Test(
    "a range stands for the layers of its kind, each with the range's weight",
    arguments: [
      ("conv_5...conv_8", convolutions(5...8), 1.0), ("conv_5...conv_8:0.5", convolutions(5...8), 0.5),
      ("conv3_1 ... conv_8", convolutions(5...8), 1), ("features.0...features.5", convolutions(1...3), 1),
      ("relu_2...relu2_1", ["relu_2", "relu_3"], 1), ("pool_1...pool_5:2", (1...5).map { "pool_\($0)" }, 2),
      ("conv_4...conv_4", ["conv_4"], 1), ("all", convolutions(1...16), 1),
      ("all:0.25", convolutions(1...16), 0.25),
    ])
  func ranges(text: String, names: [String], weight: Double) throws {
    let list = try LayerList(parsing: text)
    #expect(list.layers.map(\.layer.name) == names)
    #expect(list.names == names)
    #expect(list.layers.allSatisfy { $0.weight == weight })
  }

  @Test(
    "a list is written in its shortest form, which reads as the same list",
    arguments: [
      ("all", "all"), ("conv_1...conv_16:0.5", "all:0.5"), ("conv_1,conv_2,conv_3", "conv_1...conv_3"),
      ("conv_1,conv_2", "conv_1,conv_2"), ("conv_3,conv_2,conv_1", "conv_3,conv_2,conv_1"),
      ("conv_1,conv_2:0.5,conv_3", "conv_1,conv_2:0.5,conv_3"),
      (
        "conv_2,conv_5...conv_8:0.5,conv_9,relu_1,relu_2,relu_3",
        "conv_2,conv_5...conv_8:0.5,conv_9,relu_1...relu_3"
      ),
      ("conv_14,conv_15,conv_16,pool_4,pool_5", "conv_14...conv_16,pool_4,pool_5"),
      ("conv_1:1e-07,conv_2:0", "conv_1:1e-07,conv_2:0.0"),
    ])
  func canonical(text: String, expected: String) throws {
    let list = try LayerList(parsing: text)
    #expect(list.description == expected)
    #expect(try LayerList(parsing: expected).layers == list.layers)
  }

  @Test(
    "what is no list is refused",
    arguments: [
      "", ",", "conv_1,", "conv_1:", "conv_1:x", "conv_1:-1", "conv_1:nan", "conv_1:1:2", "conv_1,conv_1",
      "conv_1:0", "all:0", "all,all", "conv_1..conv_3", "conv_1:0.5...conv_3", "conv_1...conv_2...conv_3",
    ])
  func refused(_ text: String) {
    #expect(throws: RecipeError.self) { try LayerList(parsing: text) }
  }

  @Test(
    "what is wrong with a range is said",
    arguments: [
      ("conv_8...conv_5", "the range 'conv_8...conv_5' is reversed; write conv_5...conv_8"),
      ("conv_5...", "the range 'conv_5...' lacks an end; write it as conv_5...conv_8"),
      ("...", "the range '...' lacks an end; write it as conv_5...conv_8"),
      ("conv_5...relu_8", "the range 'conv_5...relu_8' mixes kinds; both its ends must be conv or relu"),
      (
        "conv_6,conv_5...conv_8",
        "the layer 'conv_6' of 'conv_5...conv_8' is listed twice in 'conv_6,conv_5...conv_8'"
      ),
      ("all,conv4_1", "the layer 'conv4_1' is listed twice in 'all,conv4_1'"),
    ])
  func rangeErrors(text: String, message: String) {
    let error = #expect(throws: RecipeError.self) { try LayerList(parsing: text) }
    #expect(error?.description == message)
  }

  @Test("an unknown end is named with its range and with what may be meant")
  func unknownEnd() {
    let error = #expect(throws: RecipeError.self) { try LayerList(parsing: "conv_5...cnv_8") }
    #expect(error?.description.hasPrefix("in the range 'conv_5...cnv_8': there is no layer 'cnv_8'") == true)
    #expect(error?.description.contains("did you mean 'conv_8'") == true)
  }
}
