import Foundation

/// A logarithmic axis that covers positive numbers, from a tick to a tick.
struct LogarithmicScale: Equatable {
  let lower: Double
  let upper: Double
  /// Where lines and numbers go, ascending; at least two.
  let ticks: [Double]

  /// More numbers than this are left to the powers of ten, and of these to every second, third and so on.
  private static let tickLimit = 6

  /// - Parameter values: Positive and finite; without any the axis is 0.1 … 1.
  init(covering values: some Sequence<Double>) {
    let least = values.min() ?? 0.1
    let most = values.max() ?? 1
    let decades = Int(log10(least).rounded(.down)) - 1...Int(log10(most).rounded(.up)) + 1
    func covering(_ candidates: [Double]) -> [Double] {
      // Rounding must not make an axis miss the value that stands on its end.
      let first = candidates.lastIndex { $0 <= least * (1 + 1e-9) } ?? 0
      let last = candidates.firstIndex { $0 >= most * (1 - 1e-9) } ?? candidates.count - 1
      return Array(candidates[first...max(last, min(first + 1, candidates.count - 1))])
    }
    let choices =
      [[1.0, 2, 5], [1, 3], [1]].map { digits in
        decades.flatMap { decade in digits.map { Self.tick($0, decade) } }
      }
      + (2...).lazy.prefix(60).map { step in
        stride(from: decades.lowerBound.roundedDown(to: step), through: decades.upperBound + step, by: step)
          .map { Self.tick(1, $0) }
      }
    let found = choices.map(covering)
    ticks = found.first { $0.count <= Self.tickLimit } ?? found[found.count - 1]
    lower = ticks[0]
    upper = ticks[ticks.count - 1]
  }

  /// The place of a value, 0 (lower end) … 1 (upper end).
  func position(_ value: Double) -> Double { log(value / lower) / log(upper / lower) }

  /// The double nearest to digit · 10ᵈᵉᶜᵃᵈᵉ, which a power function does not always give.
  private static func tick(_ digit: Double, _ decade: Int) -> Double {
    Double("\(Int(digit))e\(decade)") ?? digit * pow(10, Double(decade))
  }

  /// A tick's number: plain from 0.001 to 10,000, else a power such as `2·10⁻⁵`.
  static func label(_ tick: Double) -> String {
    if (1e-3..<1e5).contains(tick) { return String(format: "%g", tick) }
    let decade = Int(log10(tick * (1 + 1e-9)).rounded(.down))
    let digit = Int((tick / pow(10, Double(decade))).rounded())
    let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let digits = String(abs(decade)).compactMap(\.wholeNumberValue).map { superscripts[$0] }
    return (digit == 1 ? "" : "\(digit)·") + "10" + (decade < 0 ? "⁻" : "") + String(digits)
  }
}

/// An axis of whole numbers from 0, with ticks at round ones.
struct CountScale: Equatable {
  let upper: Int
  let ticks: [Int]

  private static let tickLimit = 6

  /// - Parameter largest: 0 or more.
  init(through largest: Int) {
    upper = max(1, largest)
    var step = 1
    var factors = [2, 5, 10]
    var base = 1
    while upper / step + 1 > Self.tickLimit {
      step = base * factors.removeFirst()
      if factors.isEmpty { (factors, base) = ([2, 5, 10], step) }
    }
    ticks = Array(stride(from: 0, through: upper, by: step))
  }

  /// The place of a number, 0 … 1.
  func position(_ count: Int) -> Double { Double(count) / Double(upper) }
}

extension Int {
  /// The largest multiple of `step` that is not above the number.
  fileprivate func roundedDown(to step: Int) -> Int {
    let remainder = self % step
    return self - (remainder < 0 ? remainder + step : remainder)
  }
}
