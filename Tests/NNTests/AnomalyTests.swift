import NN
import Tensor
import Testing

@Suite("Anomaly detection in models")
struct AnomalyTests {
  /// The anomaly that `body` ends with.
  private func anomaly(_ body: () -> Tensor<Double>) -> AnomalyError? {
    do {
      _ = try anomalyDetection(body)
      return nil
    } catch {
      return error as? AnomalyError
    }
  }

  @Test("names the line that uses a layer or a loss, not one inside of them")
  func lines() {
    let layer = Linear(weight: Tensor<Double>([[.infinity, 1]]))
    let line = #line + 1
    let found = anomaly { layer(Tensor([[0, 1]])).sum() }
    #expect(found?.operation == "matrixProduct")
    let lossLine = #line + 1
    let loss = anomaly { Loss.squaredError(Tensor([1e200]), Tensor([0])) }
    #expect(loss?.value == .infinity)
    #if os(Linux)
      #expect(found?.location?.line == line)
      #expect(loss?.location?.line == lossLine)
      for location in [found?.location, loss?.location] { #expect(location?.file == #filePath) }
    #endif
  }
}
