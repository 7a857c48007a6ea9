import Tensor
import Testing

@Suite("GradientCheck")
struct GradientCheckTests {
  private let x = Tensor<Double>([0.5, -1.25, 2])

  @Test("a right rule passes with a small error and a derivative that is not 0")
  func rightRule() {
    let result = GradientCheck.check(at: x) { ($0.exp() + 1).log() }
    #expect(result.passed)
    #expect(result.inputs.count == 1)
    #expect(result.inputs[0].analytic != 0)
    #expect(result.inputs[0].relativeError < 1e-8)
  }

  @Test("a wrong rule is caught")
  func wrongRule() {
    func wrongSine(_ x: Tensor<Double>) -> Tensor<Double> {
      record("wrongSine", x.detached().sin(), (x, { g in g * x.cos() * 1.0001 }))
    }
    let result = GradientCheck.check(at: x, in: wrongSine)
    #expect(!result.passed)
    #expect(result.inputs[0].relativeError > 5e-5)
    #expect(GradientCheck.report(at: x, in: wrongSine).contains("DIFFERS"))
  }

  @Test("a rule that is right but has a wrong derivative of its own is caught in second order")
  func wrongSecondRule() {
    func square(_ x: Tensor<Double>) -> Tensor<Double> {
      record("square", x.detached().square(), (x, { g in g * x.detached() * 2 }))
    }
    #expect(GradientCheck.check(at: x, in: square).passed)
    #expect(!GradientCheck.check(at: x, order: .second, in: square).passed)
  }

  @Test("of several inputs, the one with the wrong rule is named")
  func severalInputs() {
    func product(_ x: [Tensor<Double>]) -> Tensor<Double> {
      let (a, b) = (x[0], x[1])
      return record("product", a.detached() * b.detached(), (a, { g in g * b }), (b, { g in g * b }))
    }
    let report = GradientCheck.report(at: [x, x + 1], in: product).split(separator: "\n")
    #expect(report.count == 2)
    #expect(report[0].hasPrefix("input 0: agrees"))
    #expect(report[1].hasPrefix("input 1: DIFFERS"))
  }

  @Test("a function that does not depend on its argument has the derivative 0, which agrees")
  func constantFunction() {
    let result = GradientCheck.check(at: x) { _ in Tensor([3.0, 4]) }
    #expect(result.passed)
    #expect(result.inputs[0].analytic == 0)
    #expect(result.inputs[0].relativeError == 0)
  }

  @Test("a value that is not a number does not pass")
  func notANumber() {
    #expect(!GradientCheck.check(at: x) { $0.log() }.passed)
  }

  @Test("the step follows the size of the point", arguments: [1e-6, 1, 1e6])
  func scaledStep(scale: Double) {
    let result = GradientCheck.check(at: Tensor([0.5, 1.25, 2]) * scale) { $0.log() }
    #expect(result.passed, "\(result)")
  }
}
