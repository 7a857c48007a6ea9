import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Functions of single numbers, and those that are the C library's.
@Suite("Elements: functions of numbers")
struct ScalarFunctionTests {
  @Test("a number's function has the bits of the tensor's")
  func numbers() {
    func check<S: TensorScalar>(_: S.Type) {
      let x = DeterministicValues(seed: 1).uniform(203, in: 0.01...20).map { S($0) }
      let tensor = Tensor(x)
      #expect(x.map { S.exp($0) } == tensor.exp().scalars)
      #expect(x.map { S.log($0) } == tensor.log().scalars)
      #expect(x.map { S.pow($0, 2.5) } == tensor.pow(2.5).scalars)
      #expect(x.map { S.tanh($0) } == tensor.tanh().scalars)
      #expect(x.map { S.sin($0) } == tensor.sin().scalars)
      #expect(x.map { S.cos($0) } == tensor.cos().scalars)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("special values")
  func specialValues() {
    #expect([0, -0.0, .infinity, -.infinity].map(Float.exp) == [1, 1, .infinity, 0])
    #expect([0, -0.0, 1, .infinity].map(Float.log) == [-.infinity, -.infinity, 0, .infinity])
    #expect(Float.log(-1).isNaN && Float.log(-.infinity).isNaN && Float.log(.nan).isNaN)
    #expect([0, .infinity, -.infinity].map(Float.tanh) == [0, 1, -1])
    #expect(Float.tanh(-0.0).sign == .minus)
    #expect(Float.exp(.nan).isNaN && Float.tanh(.nan).isNaN)
  }

  /// One that CKernels takes from the C library, for both scalars or for `Double`.
  struct LibraryFunction: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let loop: @Sendable (ckernels_elements) -> ckernels_map
    var float: (@Sendable (Float) -> Float)?
    let double: @Sendable (Double) -> Double
  }

  @Test(
    "what is the C library's has its bits, on each processor",
    arguments: [
      LibraryFunction(testDescription: "expm1", loop: { $0.expm1 }, double: expm1),
      LibraryFunction(testDescription: "log", loop: { $0.log }, double: log),
      LibraryFunction(testDescription: "log1p", loop: { $0.log1p }, double: log1p),
      LibraryFunction(testDescription: "sin", loop: { $0.sin }, double: sin),
      LibraryFunction(testDescription: "cos", loop: { $0.cos }, double: cos),
      LibraryFunction(testDescription: "erf", loop: { $0.erf }, double: erf),
      LibraryFunction(testDescription: "erfc", loop: { $0.erfc }, double: erfc),
      LibraryFunction(testDescription: "exp2", loop: { $0.exp2 }, float: exp2f, double: exp2),
      LibraryFunction(testDescription: "log2", loop: { $0.log2 }, float: log2f, double: log2),
      LibraryFunction(testDescription: "log10", loop: { $0.log10 }, float: log10f, double: log10),
      LibraryFunction(testDescription: "cbrt", loop: { $0.cbrt }, float: cbrtf, double: cbrt),
      LibraryFunction(testDescription: "tan", loop: { $0.tan }, float: tanf, double: tan),
      LibraryFunction(testDescription: "asin", loop: { $0.asin }, float: asinf, double: asin),
      LibraryFunction(testDescription: "acos", loop: { $0.acos }, float: acosf, double: acos),
      LibraryFunction(testDescription: "atan", loop: { $0.atan }, float: atanf, double: atan),
      LibraryFunction(testDescription: "sinh", loop: { $0.sinh }, float: sinhf, double: sinh),
      LibraryFunction(testDescription: "cosh", loop: { $0.cosh }, float: coshf, double: cosh),
      LibraryFunction(testDescription: "asinh", loop: { $0.asinh }, float: asinhf, double: asinh),
      LibraryFunction(testDescription: "acosh", loop: { $0.acosh }, float: acoshf, double: acosh),
      LibraryFunction(testDescription: "atanh", loop: { $0.atanh }, float: atanhf, double: atanh),
      LibraryFunction(testDescription: "log_gamma", loop: { $0.log_gamma }, double: { lgamma($0) }),
    ])
  func library(_ function: LibraryFunction) {
    let x = DeterministicValues(seed: 2).uniform(203, in: -1.5...4) + [0, -0.0, .infinity, -.infinity, .nan]
    for processor in Processor.available {
      func check<S: TensorScalar>(_ x: [S], _ library: (S) -> S) {
        var y = [S](repeating: -1, count: x.count + 1)
        function.loop(processor.elements(S.self).pointee)(x, x.count, &y)
        #expect(y.last == -1, "wrote beyond the end")
        for (x, y) in zip(x, y) {
          let wanted = library(x)
          #expect(
            y == wanted && y.sign == wanted.sign || y.isNaN && wanted.isNaN, "\(x) on \(processor.name)")
        }
      }
      check(x, function.double)
      if let float = function.float { check(x.map { Float($0) }, float) }
    }
  }
}
