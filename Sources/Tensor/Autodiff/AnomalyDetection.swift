/// Runs `body` and finds the operation that makes the first NaN or infinity in it, on the way forward or in a
/// gradient, with the line that calls it.
///
/// ```swift
/// do {
///   let slope = try anomalyDetection { gradient(at: x, in: loss) }
/// } catch let anomaly as AnomalyError {
///   print(anomaly)  // the derivative of 'sqrt' made the first infinity … : Model.swift:12, in loss(_:)
/// }
/// ```
///
/// Every operation's result and every gradient is looked through, and the call of each operation is remembered while
/// its graph may be differentiated: put a single step into it, not a whole training. Outside of such a scope nothing
/// of this costs anything. The scope belongs to the task and its child tasks; other threads are not watched.
///
/// An operation *makes* a NaN when its operands have none, and an infinity when they are finite. An infinity that is
/// handed in, as a mask's −∞, is let pass; a NaN that is handed in is reported where it is first used.
///
/// The line is known where the program has debug information (SwiftPM's builds have it) and the system offers
/// Swift's `Runtime` module: Linux, and macOS from version 26.
///
/// - Returns: What `body` returns, when all was finite.
/// - Throws: ``AnomalyError`` once `body` has ended, in preference to an error of its own, which the anomaly
///   probably caused; else the error of `body`.
public func anomalyDetection<Value>(_ body: () throws -> Value) throws -> Value {
  let detector = AnomalyDetector()
  let outcome = Result { try detector.watch(body) }
  if let anomaly = detector.anomaly { throw anomaly }
  return try outcome.get()
}

/// The first NaN or infinity of a computation, found by ``anomalyDetection(_:)``.
public struct AnomalyError: Error, Sendable, CustomStringConvertible {
  /// How the number came to be.
  public enum Cause: Hashable, Sendable {
    /// The operation computed it from operands that had none.
    case operation
    /// An operand of the operation held it, though no operation had made it.
    case operand
    /// The operation's derivative computed it.
    case derivative
    /// Gradients from several uses of the operation's result add up to it, or the pass began with it.
    case gradientSum
  }

  /// A line of the program.
  public struct Location: Hashable, Sendable, CustomStringConvertible {
    /// The source file's path, as the compiler was given it.
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// The function's name.
    public let function: String

    public var description: String {
      "\(file.split(separator: "/").last ?? ""):\(line), in \(function)"
    }
  }

  /// The operation.
  public let operation: String
  /// What of it has the number.
  public let cause: Cause
  /// Which of the operation's outputs has the number, or a gradient that has it, counted from 0; `nil` for an
  /// operation with one output, and where the number is in an operand or in the gradient of one.
  public let output: Int?
  /// NaN, ∞ or −∞.
  public let value: Double
  /// The place in the tensor, the first in row-major order.
  public let position: [Int]
  /// The shape of that tensor: the operation's result, or a gradient.
  public let shape: Shape
  /// The call of the operation from outside of this library; `nil` where it is not known.
  public let location: Location?

  public var description: String {
    let number = value.isNaN ? "NaN" : "infinity"
    let place = "\(value) at \(position) of"
    let which = output.map { "output \($0), " } ?? ""
    let what =
      switch cause {
      case .operation: "'\(operation)' made the first \(number): \(place) its result \(which)\(shape)"
      case .operand:
        "'\(operation)' was given the first \(number), which no operation made: \(place) \(shape)"
      case .derivative:
        "the derivative of '\(operation)' made the first \(number): \(place) the gradient \(shape)"
      case .gradientSum:
        "the gradients that reach '\(operation)' add up to the first \(number): \(place) their sum \(which.isEmpty ? "" : "for ")\(which)\(shape)"
      }
    return what + "; called at "
      + (location?.description ?? "a line that is not known without debug information")
  }
}
