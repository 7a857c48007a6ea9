import Tensor
import Testing

@Suite("Graph")
struct GraphTests {
  @Test("shows operations, shapes, variables and both edges of a square")
  func small() {
    let (w, b) = (Tensor<Double>.ones([3, 2]).tracked(), Tensor<Double>.ones([2]).tracked())
    let y = (Tensor.ones([4, 3]).matrixProduct(w) + b).tanh()
    let loss = (y * y).sum()
    #expect(
      Graph.dot(of: loss, naming: ["w": w, "the \"bias\"": b]) == #"""
        digraph {
          n0 [label="w\n[3, 2]", shape=box];
          n1 [label="the \"bias\"\n[2]", shape=box];
          n2 [label="matrixProduct\n[4, 2]"];
          n3 [label="+\n[4, 2]"];
          n4 [label="tanh\n[4, 2]"];
          n5 [label="*\n[4, 2]"];
          n6 [label="sum\n[1, 1]"];
          n7 [label="reshaped\n[]"];
          n0 -> n2;
          n2 -> n3;
          n1 -> n3;
          n3 -> n4;
          n4 -> n5;
          n4 -> n5;
          n5 -> n6;
          n6 -> n7;
        }
        """#)
  }

  @Test("shows a variable by itself, and nothing for a constant")
  func trivial() {
    let x = Tensor<Float>.ones([2]).tracked()
    #expect(Graph.dot(of: x) == "digraph {\n  n0 [label=\"variable\\n[2]\", shape=box];\n}")
    #expect(Graph.dot(of: x.detached()) == "digraph {\n}")
  }

  @Test("draws operations whose history a gradient has used up with dashes")
  func usedUp() {
    let x = Tensor<Double>([1]).tracked()
    let y = x.exp()
    _ = gradient(of: y, withRespectTo: [x])
    #expect(Graph.dot(of: y) == "digraph {\n  n0 [label=\"exp\\n[1]\", style=dashed];\n}")
  }

  @Test("a long chain is walked without recursion")
  func longChain() {
    var y = Tensor<Double>([1]).tracked()
    for _ in 0..<100_000 { y = y + 1 }
    #expect(Graph.dot(of: y).hasSuffix("  n99999 -> n100000;\n}"))
  }
}
