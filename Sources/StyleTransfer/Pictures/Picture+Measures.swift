extension Picture {
  /// How much there is of what changes from pixel to pixel: the root mean square of the picture less its mean
  /// over 3×3 pixels, over all channels and all pixels but the outermost.
  ///
  /// Of white noise with the deviation σ it is σ · √(8/9); of a plane slope 0.
  ///
  /// - Precondition: No side is shorter than 3 pixels.
  package var highFrequencyResidue: Double {
    precondition(
      width >= 3 && height >= 3, "highFrequencyResidue: \(width)×\(height) pixels have no 3×3 neighbourhood")
    let third = [Double](repeating: 1.0 / 3, count: 3)
    let squares = channels.map { channel in
      channel.inset(by: 1).combined(with: channel.filtered(third)) { ($0 - $1) * ($0 - $1) }.mean
    }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  /// How well the picture continues itself when it is laid out like tiles.
  package var seams: SeamScore {
    let (columns, rows) = (width, height)
    var (inside, outside) = (SeamScore.Jumps(), SeamScore.Jumps())
    for channel in channels {
      for y in 0..<rows {
        for x in 0..<columns {
          let value = channel[x, y]
          let toRight = abs(channel[(x + 1) % columns, y] - value)
          let toBottom = abs(channel[x, (y + 1) % rows] - value)
          if x + 1 < columns { inside.across += toRight } else { outside.across += toRight }
          if y + 1 < rows { inside.down += toBottom } else { outside.down += toBottom }
        }
      }
    }
    func score(_ outside: Double, _ inside: Double, steps: Int) -> Double {
      if outside == 0 && inside == 0 { return 1 }
      return outside * Double(steps) / inside
    }
    return SeamScore(
      leftToRight: score(outside.across, inside.across, steps: columns - 1),
      topToBottom: score(outside.down, inside.down, steps: rows - 1))
  }
}

/// The mean jump in colour across a picture's wrap-around edges divided by the mean jump between neighbours
/// inside: about 1 where tiles meet without a seam, 1 also for a picture of one colour.
package struct SeamScore: Equatable {
  /// Across the upright seam, from the right edge to the left edge of the next tile.
  package let leftToRight: Double
  /// Across the level seam.
  package let topToBottom: Double

  /// The more visible of the two.
  package var worst: Double { max(leftToRight, topToBottom) }

  fileprivate struct Jumps {
    var across = 0.0
    var down = 0.0
  }
}
