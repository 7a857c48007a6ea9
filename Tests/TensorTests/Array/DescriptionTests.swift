import Tensor
import Testing

@Suite("Descriptions of tensors")
struct DescriptionTests {
  @Test("a single number is shown in full precision")
  func rankZero() {
    #expect("\(Tensor<Double>(0.1 + 0.2))" == "Tensor<Double>[] 0.30000000000000004")
    #expect("\(Tensor<Float>(-0.1))" == "Tensor<Float>[] -0.1")
  }

  @Test("a short vector stands on one line")
  func vector() {
    #expect("\(Tensor<Double>([1, 2, 3]))" == "Tensor<Double>[3] [1.0, 2.0, 3.0]")
    #expect("\(Tensor<Float>([0.1, -12.25, 3]))" == "Tensor<Float>[3] [  0.10, -12.25,   3.00]")
    #expect("\(Tensor<Double>([1.0 / 3]))" == "Tensor<Double>[1] [0.333333]")
  }

  @Test("a matrix has a line for each row and aligned columns")
  func matrix() {
    let x = Tensor<Double>([[0.5, -1.25, 2], [10, 4, 0.75]])
    #expect(
      "\(x)" == """
        Tensor<Double>[2, 3]
        [[ 0.50, -1.25,  2.00],
         [10.00,  4.00,  0.75]]
        """)
    #expect("\(x.transposed())".hasPrefix("Tensor<Double>[3, 2]\n[[ 0.50, 10.00],\n [-1.25,"))
  }

  @Test("matrices of a batch have empty lines between them")
  func batch() {
    #expect(
      "\(Tensor<Float>([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2]))" == """
        Tensor<Float>[2, 2, 2]
        [[[1.0, 2.0],
          [3.0, 4.0]],

         [[5.0, 6.0],
          [7.0, 8.0]]]
        """)
  }

  @Test("very large and very small numbers have exponents; whole numbers and what is not a number have none")
  func notations() {
    #expect("\(Tensor<Double>([1, 2.5e10]))" == "Tensor<Double>[2] [          1.0, 25000000000.0]")
    #expect("\(Tensor<Double>([1.5, -2e10]))" == "Tensor<Double>[2] [ 1.5e+00, -2.0e+10]")
    #expect("\(Tensor<Double>([1.25e-7, 0]))" == "Tensor<Double>[2] [1.25e-07, 0.00e+00]")
    #expect("\(Tensor<Double>([1e300, 1]))" == "Tensor<Double>[2] [1.0e+300,  1.0e+00]")
    #expect("\(Tensor<Double>([.nan, -.infinity, 12.5]))" == "Tensor<Double>[3] [ nan, -inf, 12.5]")
    #expect("\(Tensor<Double>([.nan]))" == "Tensor<Double>[1] [nan]")
    #expect("\(Tensor<Double>([-.nan, 1]))" == "Tensor<Double>[2] [nan, 1.0]")
    #expect("\(Tensor<Float>(-.nan))" == "Tensor<Float>[] nan")
    #expect("\(Tensor<Float>([1234.567, 0.001]))" == "Tensor<Float>[2] [1234.567,    0.001]")
  }

  @Test("nothing is shown of nothing")
  func empty() {
    #expect("\(Tensor<Float>.zeros([0, 3]))" == "Tensor<Float>[0, 3] []")
    #expect("\(Tensor<Float>.zeros([2, 0]))" == "Tensor<Float>[2, 0] []")
  }

  @Test("of more than 1000 elements the edges are shown")
  func summaries() {
    let x = Tensor((0..<1200).map { Double($0) }, shape: [30, 40])
    #expect(
      "\(x)" == """
        Tensor<Double>[30, 40]
        [[   0.0,    1.0,    2.0, ...,   37.0,   38.0,   39.0],
         [  40.0,   41.0,   42.0, ...,   77.0,   78.0,   79.0],
         [  80.0,   81.0,   82.0, ...,  117.0,  118.0,  119.0],
         ...,
         [1080.0, 1081.0, 1082.0, ..., 1117.0, 1118.0, 1119.0],
         [1120.0, 1121.0, 1122.0, ..., 1157.0, 1158.0, 1159.0],
         [1160.0, 1161.0, 1162.0, ..., 1197.0, 1198.0, 1199.0]]
        """)
    #expect("\(x[1...])".hasPrefix("Tensor<Double>[29, 40]\n[[  40.0,   41.0,   42.0, ...,   77.0,"))
    #expect(
      "\(Tensor<Float>.ones([1001]))" == "Tensor<Float>[1001] [1.0, 1.0, 1.0, ..., 1.0, 1.0, 1.0]")
    // A short axis is shown whole.
    #expect("\(Tensor<Float>.ones([2, 1000]))".split(separator: "\n").count == 3)
  }

  @Test("long rows are broken, and all of 1000 elements are shown")
  func longRows() {
    let lines = "\(Tensor((0..<1000).map { Float($0) }))".split(separator: "\n")
    #expect(lines[0] == "Tensor<Float>[1000]")
    #expect(lines[1].hasPrefix("[  0.0,   1.0,"))
    #expect(lines[2].hasPrefix("  "))
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.dropFirst().joined().count { $0 == "." } == 1000)
  }
}
