import ArgumentParser
import NN
import Testing

@testable import StyleApp

@Suite("Layer lists")
struct LayerListTests {
  @Test("names, aliases and weights are read, and written as they would be typed")
  func parsing() throws {
    let list = try LayerList(parsing: "conv_2, conv4_1:0.5,features.0")
    #expect(list.layers.map(\.layer.name) == ["conv_2", "conv_9", "conv_1"])
    #expect(list.layers.map(\.weight) == [1, 0.5, 1])
    #expect(list.description == "conv_2,conv_9:0.5,conv_1")
    #expect(try LayerList(parsing: list.description).layers == list.layers)
  }

  @Test(
    "what is no list is refused",
    arguments: [
      "", ",", "conv_1,", "conv_1:", "conv_1:x", "conv_1:-1", "conv_1:nan", "conv_1:1:2", "conv_1,conv_1",
    ])
  func refused(_ text: String) {
    #expect(throws: ValidationError.self) { try LayerList(parsing: text) }
  }
}
