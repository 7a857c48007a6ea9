import Testing

@testable import Tensor

@Suite("anomalyDetection")
struct AnomalyDetectionTests {
  private let x = Tensor<Double>([[4, 1, 0], [9, 16, 25]])

  /// The anomaly that `body` ends with.
  private func anomaly(_ body: () throws -> Tensor<Double>) -> AnomalyError? {
    #expect(throws: AnomalyError.self) { _ = try anomalyDetection(body) }
  }

  @Test("names the operation that made the first infinity, and its line")
  func forward() {
    var line = 0
    let found = anomaly {
      let y = x.sqrt() + 1
      line = #line + 1
      let z = (y - 1).log()
      return (z * 0).exp().sum()
    }
    #expect(found?.operation == "log")
    #expect(found?.cause == .operation)
    #expect(found?.value == -.infinity)
    #expect(found?.position == [0, 2])
    #expect(found?.shape == [2, 3])
    expectLocation(found, line: line)
    #expect(
      found?.description.hasPrefix(
        "'log' made the first infinity: -inf at [0, 2] of its result [2, 3]; called at AnomalyDetectionTests.swift:"
      )
        == true)
  }

  @Test("names the operation whose derivative made it, and where that was called")
  func backward() {
    var line = 0
    let found = anomaly {
      gradient(at: x) { x in
        line = #line + 1
        let root = x.sqrt()
        return root.sum()
      }
    }
    #expect(found?.operation == "sqrt")
    #expect(found?.cause == .derivative)
    #expect(found?.value == .infinity)
    #expect(found?.position == [0, 2])
    expectLocation(found, line: line)
    #expect(
      found?.description.contains("the derivative of 'sqrt' made the first infinity: inf at [0, 2]") == true)
  }

  @Test("a second derivative has the line of the operation that it is derived from")
  func secondOrder() {
    var line = 0
    let found = anomaly {
      hessianVectorProduct(at: Tensor([0.0, 1]), along: Tensor([1.0, 1])) { x in
        line = #line + 1
        let power = x.pow(1.5)
        return power.sum()
      }
    }
    #expect(found?.cause == .derivative)
    expectLocation(found, line: line)
  }

  @Test("gradients that are finite alone and add up to an infinity are found")
  func overflowingSum() {
    let found = anomaly {
      gradient(at: Tensor([0.0])) { x in
        let y = x.exp()
        return ((y - 1) * 1e308 + (y - 1) * 1e308).sum()
      }
    }
    #expect(found?.cause == .gradientSum)
    #expect(found?.operation == "exp")
  }

  @Test("a NaN that is handed in is reported where it is used first")
  func operand() {
    let found = anomaly {
      let data = Tensor<Double>([1, .nan, 3])
      return (2 * data).sum()
    }
    #expect(found?.operation == "*")
    #expect(found?.cause == .operand)
    #expect(found?.position == [1])
    #expect(found?.shape == [3])
  }

  @Test("an infinity that is handed in, as a mask is, is let pass")
  func mask() throws {
    let value = try anomalyDetection {
      let masked = Tensor.where(x .> 2, x, Tensor(-.infinity))
      return masked.exp().sum().log()
    }
    #expect(value.scalar.isFinite)
    // Infinity minus infinity is a NaN that the subtraction makes.
    #expect(anomaly { x - Tensor(.infinity) + Tensor(.infinity) }?.operation == "+")
  }

  @Test("finds numbers of rank 0, in Float and in views")
  func kinds() {
    #expect(anomaly { Tensor(-1).log() }?.position == [])
    #expect(anomaly { x.transposed()[1...].log().sum() }?.position == [1, 0])
    let error = #expect(throws: AnomalyError.self) { try anomalyDetection { Tensor<Float>([1000]).exp() } }
    #expect(error?.value == .infinity)
  }

  @Test("returns what the body returns when all is finite, and gives its error on")
  func finite() throws {
    struct Failure: Error {}
    #expect(try anomalyDetection { gradient(at: x) { $0.square().sum() } }.scalars == (2 * x).scalars)
    #expect(throws: Failure.self) { try anomalyDetection { throw Failure() } }
    #expect(throws: AnomalyError.self) {
      try anomalyDetection {
        _ = Tensor<Double>([-1]).log()
        throw Failure()
      }
    }
  }

  @Test("a closure in no function is said to be in the main file's own code")
  func topLevel() {
    #expect(
      CallSite.completed("closure #1 in closure #2 in ") == "closure #1 in closure #2 in top-level code")
    #expect(CallSite.completed("closure #1 in loss(_:)") == "closure #1 in loss(_:)")
  }

  @Test("watches its own task only, and ends with its scope")
  func scope() async throws {
    async let other = Task.detached { Tensor<Double>([-1]).log().scalar }.value
    #expect(await other.isNaN)
    _ = try anomalyDetection { x + 1 }
    #expect(Tensor<Double>([-1]).log().scalar.isNaN)
  }

  private func expectLocation(_ anomaly: AnomalyError?, line: Int) {
    #if os(Linux)
      #expect(anomaly?.location?.line == line)
      #expect(anomaly?.location?.file == #filePath)
    #endif
  }
}
