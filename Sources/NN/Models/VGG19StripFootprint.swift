import Tensor

// What one segment takes when it is run by strips, counted along the rows that are really computed.
extension StripGeometry {
  /// The most bytes of the strips' own on the way forwards, beside the whole input and output.
  var forwardBytes: Double {
    someStrips.reduce(0) {
      max($0, peak(rows(of: $1, rowsForward), takesNotes: false).most + carriedBytes($1, rowsForward))
    }
  }

  /// The most bytes of the strips' own on the way back, beside the whole input and the gradients of input and output.
  var backwardBytes: Double {
    someStrips.reduce(0) { most, place in
      let gradients = rowsOfGradients(ownedRows(0, of: strips[place]))
      let needs = rows(of: place, rowsBack)
      var (peak, noted) = peak(needs, takesNotes: true)
      for (index, step) in steps.enumerated().reversed() {
        // The whole output's gradient is no strip's.
        let above = index + 1 == steps.count ? 0 : bytes(index + 1, gradients[index + 1])
        switch step {
        case .convolve(_, let border, _):
          peak = max(peak, noted + above + bytes(index, gradients[index]) * (border == .zero ? 1 : 2))
        case .rectify, .pool, .keep: peak = max(peak, noted + above + bytes(index, gradients[index]))
        case .normalize, .deliver: break
        }
        noted -= noteBytes(index, needs.needed)
      }
      return max(most, peak + carriedBytes(place, rowsBack))
    }
  }

  /// The bytes of the rows that a strip hands on to the next one.
  private func carriedBytes(_ place: Int, _ wanted: (Range<Int>) -> [RowSet]) -> Double {
    guard place + 1 < strips.count else { return 0 }
    let carried = rowsCarriedOver(from: wanted(strips[place]), to: wanted(strips[place + 1]))
    return steps.indices.reduce(0) { sum, index in
      switch steps[index] {
      case .convolve, .rectify, .pool: sum + bytes(index + 1, carried[index + 1])
      case .normalize, .keep, .deliver: sum
      }
    }
  }

  /// The floating-point operations of the convolutions of all strips: forwards, and back with what is computed again.
  var operations: (forward: Double, backward: Double) {
    let some = someStrips
    return some.reduce((0, 0)) { sum, place in
      // The second one stands for all that are like it.
      let times = Double(some.count == 3 && place == some[1] ? strips.count - 2 : 1)
      let gradients = rowsOfGradients(ownedRows(0, of: strips[place]))
      let (forward, again) = (rows(of: place, rowsForward).missing, rows(of: place, rowsBack).missing)
      return steps.indices.reduce(sum) { sum, index in
        guard case .convolve = steps[index] else { return sum }
        let (input, output) = (extents[index], extents[index + 1])
        let row = 18 * Double(input.channels * output.channels * output.width) * times
        return (
          sum.0 + row * Double(forward[index + 1].count),
          sum.1 + row * Double(again[index + 1].count + gradients[index].count)
        )
      }
    }
  }

  private func rowsBack(_ strip: Range<Int>) -> [RowSet] {
    rowsForGradients(rowsOfGradients(ownedRows(0, of: strip)))
  }

  /// The rows that are there for a strip, and those that are computed.
  private func rows(
    of place: Int, _ wanted: (Range<Int>) -> [RowSet]
  ) -> (needed: [RowSet], missing: [RowSet]) {
    let own = wanted(strips[place])
    guard place > 0 else { return rowsToCompute(own) }
    return rowsToCompute(own, beside: rowsCarriedOver(from: wanted(strips[place - 1]), to: own))
  }

  /// The places of the first, of the last and of one between: the others are as large.
  private var someStrips: [Int] {
    let count = strips.count
    return count < 4 ? Array(0..<count) : [0, count / 2, count - 1]
  }

  /// The most bytes of bands, with notes and kept layers where these stay, and what of them stays.
  private func peak(
    _ rows: (needed: [RowSet], missing: [RowSet]), takesNotes: Bool
  ) -> (most: Double, noted: Double) {
    var (most, noted) = (0.0, 0.0)
    let rows = rows.needed
    // What is kept is what the next step reads.
    var inputIsKept = false
    for (index, step) in steps.enumerated() {
      let input = index == 0 || inputIsKept ? 0 : bytes(index, rows[index])
      let output = bytes(index + 1, rows[index + 1])
      switch step {
      case .convolve(_, let border, _):
        most = max(most, noted + input + output + (border == .zero ? 0 : bytes(index, rows[index])))
      case .rectify, .pool: most = max(most, noted + input + output)
      case .keep, .normalize, .deliver: break
      }
      if takesNotes { noted += noteBytes(index, rows) }
      switch step {
      case .keep: inputIsKept = takesNotes
      case .convolve, .rectify, .pool: inputIsKept = false
      case .normalize, .deliver: break
      }
    }
    return (most, noted)
  }

  private func noteBytes(_ index: Int, _ rows: [RowSet]) -> Double {
    // A bit for each number, or two for each of a pooling's.
    switch steps[index] {
    case .convolve(_, _, rectifying: true), .rectify: bytes(index + 1, rows[index + 1]) / 32
    case .pool(.max): bytes(index + 1, rows[index + 1]) / 16
    case .keep: bytes(index, rows[index])
    default: 0
    }
  }

  private func bytes(_ index: Int, _ rows: RowSet) -> Double {
    4 * Double(extents[index].channels * extents[index].width * rows.count)
  }
}

extension VGG19.Strips {
  /// How many operations of products are done in the time in which a number of a filter is put in order for one direction.
  private static let operationsOfOrdering = 1000.0

  /// The floating-point operations of a program's convolutions and of the gradients back to the picture, with what it takes
  /// to put filters in order each time.
  package func operations(of program: [VGG19.Step], width: Int, height: Int) -> Double {
    let sized = VGG19.sized(program, width: width, height: height)
    let segments = geometries(of: program, sized)
    let orders = keepsFilters ? 0 : 2 * Self.operationsOfOrdering
    let rest = sized[(segments.last?.range.upperBound ?? 0)...]
      .reduce(sized.reduce(0) { $0 + orders * $1.filterCount }) { $0 + 2 * $1.operations }
    return segments.reduce(rest) { sum, segment in
      let operations = segment.geometry.operations
      return sum + operations.forward + operations.backward
    }
  }
}
