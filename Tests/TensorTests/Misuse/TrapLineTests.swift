#if os(Linux)
  import Foundation
  import Tensor
  import Testing

  /// The first line of what a trap prints ends with the caller's line, which the system tells where it can.
  @Suite("Misuse: the line of the call", .serialized)
  struct TrapLineTests {
    private func expect(_ text: String, _ result: ExitTest.Result?) {
      let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      let line = output.prefix { $0 != "\n" }
      #expect(line.contains(text), "\(output)")
    }

    /// What the line ends with for a call in this file, but for the function, whose name optimised code may have lost.
    private func called(_ line: Int) -> String { "; called at TrapLineTests.swift:\(line), in " }

    @Test("an operator, in a function that a closure calls inside of the library")
    func operators() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        askForLines()
        _ = gradient(at: Tensor<Double>([1, 2]), in: wronglyAdded)
      }
      expect(
        "+: the shapes [2] and [3] do not broadcast" + called(wrongLine), result)
    }

    @Test("a function made of others names the line that called it, not those in it")
    func composed() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        askForLines()
        wronglyNormalized()
      }
      expect(called(wrongLine + 6), result)
    }

    @Test("a history that was used up: the second gradient's line, and the operation's where it was watched")
    func usedUp() async {
      let plain = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        askForLines()
        differentiateTwice(watched: false)
      }
      expect(
        "from an operation 'reshaped' on; pass retainingGraph: true to the earlier one"
          + called(wrongLine + 14), plain)
      let watched = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        askForLines()
        differentiateTwice(watched: true)
      }
      expect("from an operation 'reshaped' on, called at TrapLineTests.swift:\(wrongLine + 12), in ", watched)
      expect(called(wrongLine + 14), watched)
    }
  }

  /// `make test` runs other tests without lines.
  private func askForLines() { unsetenv("SWIFT_BACKTRACE") }

  /// The line of the sum in the next function.
  private let wrongLine = #line + 3

  private func wronglyAdded(_ x: Tensor<Double>) -> Tensor<Double> {
    (x + Tensor([1, 2, 3])).sum()
  }

  @inline(never)
  private func wronglyNormalized() {
    let x = Tensor<Double>([1, 2])
    print(x.variance(axes: [1]).scalar)
  }

  private func differentiateTwice(watched: Bool) {
    let body = {
      let x = Tensor<Double>([[1, 2]]).tracked()
      let y = x.square().squeezed()
      _ = gradient(of: y.sum(), withRespectTo: [x])
      _ = gradient(of: y.sum(), withRespectTo: [x])
    }
    do { if watched { try anomalyDetection(body) } else { body() } } catch { print(error) }
  }
#endif
