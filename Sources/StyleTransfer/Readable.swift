import Foundation

/// Durations as people read them: `0.7 s`, `42 s`, `3 min 05 s`, `1 h 02 min`.
package func readable(_ duration: Duration) -> String {
  let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  switch seconds {
  case ..<9.95: return String(format: "%.1f s", seconds)
  case ..<99.5: return String(format: "%.0f s", seconds)
  case ..<3600:
    let whole = Int(seconds.rounded())
    return String(format: "%d min %02d s", whole / 60, whole % 60)
  default:
    let minutes = Int((seconds / 60).rounded())
    return String(format: "%d h %02d min", minutes / 60, minutes % 60)
  }
}

extension String {
  /// With blanks before it, so that it ends where a column of `width` characters does.
  package func rightAligned(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

/// A number with three significant digits, never in more than eight characters.
package func short(_ value: Double) -> String {
  if value == 0 { return "0" }
  let digits = value.magnitude
  if digits >= 0.01, digits < 10_000 {
    return String(
      format: digits >= 100 ? "%.0f" : digits >= 10 ? "%.1f" : digits >= 1 ? "%.2f" : "%.4f", value)
  }
  return String(format: "%.2e", value)
}

/// A number of things as people say it: "1 job", "2 jobs".
package func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
