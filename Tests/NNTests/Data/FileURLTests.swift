import Foundation
import NN
import Tensor
import TestSupport
import Testing

@Suite("Files of NN by their URLs") struct FileURLTests {
  @Test("modules and optimisers are written and read, in a folder whose name URLs escape")
  func training() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "a %20ä.safetensors")
      let layer = Linear(weight: Tensor<Float>([[1, 2]]), bias: Tensor([3]))
      try layer.save(to: url, metadata: ["epoch": "3"])
      #expect(try SafetensorsFile(contentsOf: url.path(percentEncoded: false)).metadata == ["epoch": "3"])
      var other = Linear(weight: Tensor<Float>([[0, 0]]), bias: Tensor([0]))
      try other.load(contentsOf: url)
      #expect(other.weight.scalars == [1, 2])
      #expect(try other.loadMatching(contentsOf: url) == nil)

      var (optimizer, x) = (SGD<Float>(learningRate: 0.1, momentum: 0.9), Tensor<Float>([1]))
      optimizer.update(&x, along: Tensor([2]))
      try optimizer.save(to: url)
      var again = SGD<Float>(learningRate: 0.1, momentum: 0.9)
      try again.load(contentsOf: url)
      #expect(again.state.tensors.map(\.scalars) == optimizer.state.tensors.map(\.scalars))
      #expect(!again.state.names.isEmpty)
    }
  }

  @Test("data are read and logs are written")
  func data() throws {
    try withTemporaryFolder { folder in
      let numbers = folder.appending(path: "numbers.idx")
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]).write(to: numbers)
      #expect(try IDXFile(contentsOf: numbers).tensor(as: UInt8.self).scalars == [7, 9])
      let table = folder.appending(path: "table.csv")
      try Data("1;2\n".utf8).write(to: table)
      #expect(try CSVTable(contentsOf: table, separator: ";", hasHeader: false).texts("1") == ["2"])
      let log = folder.appending(path: "log.csv")
      try TrainingLog(url: log).write(["loss": 0.5])
      #expect(try String(contentsOf: log, encoding: .utf8).contains("0.5"))
    }
  }

  @Test("a URL of no file is refused before anything is read")
  func strange() throws {
    let url = try #require(URL(string: "https://example.org/vgg19.pth"))
    #expect(throws: SerializationError.self) { try VGG19(contentsOf: url) }
    #expect(throws: SerializationError.self) { try LPIPS(contentsOf: url) }
    #expect(throws: SerializationError.self) { try DISTS(network: url, weights: url) }
    #expect(throws: SerializationError.self) { try IDXFile(contentsOf: url) }
  }
}
