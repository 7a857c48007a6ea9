import StyleTransfer

/// Where the parts of a frame were in the frame before: a vector for every pixel, in pixels.
///
/// Found by comparing blocks, from small pictures to large ones, with a little reluctance to differ from the neighbours.
/// It is made for films that are painted: where it is wrong a few strokes are painted anew.
struct Motion {
  private let width: Int
  private let height: Int
  /// A vector for each node of a grid of ``step`` pixels.
  private var vectors: [Vector]
  private let columns: Int
  private let rows: Int
  /// What is left of the second frame's contrast when the first, moved, is taken from it: about 0 where both show the
  /// same, and from 1 on where they have nothing in common.
  private(set) var surprise: Float = 0

  /// Whether the frames belong to two scenes.
  var isCut: Bool { surprise > 0.5 }

  private struct Vector: Equatable {
    var x: Float = 0
    var y: Float = 0

    static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y) }
    static func * (a: Vector, s: Float) -> Vector { Vector(x: a.x * s, y: a.y * s) }
  }

  /// Pixels from node to node, and from a node to the border of what is compared around it.
  private static let (step, reach) = (8, 10)
  /// What a pixel of difference from the neighbours' vectors costs, in luminance a compared pixel.
  private static let reluctance: Float = 0.004

  /// The motion from `before` to `after`, which have one size.
  init(from before: Picture, to after: Picture) {
    let levels = Self.levels(Plane(luminanceOf: before), Plane(luminanceOf: after))
    var motion = Motion(width: levels[0].0.width, height: levels[0].0.height)
    for (index, (before, after)) in levels.enumerated() {
      if index > 0 { motion = motion.grown(to: before.width, before.height) }
      motion.refine(before, after, around: index == 0 ? 4 : 2)
    }
    motion.surprise = motion.unexplained(levels[levels.count - 1])
    motion.refineBetweenPixels(levels[levels.count - 1])
    self = motion
  }

  private init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    columns = (width + Self.step - 1) / Self.step + 1
    rows = (height + Self.step - 1) / Self.step + 1
    vectors = Array(repeating: Vector(), count: columns * rows)
  }

  /// Both pictures from the smallest size on, each twice as large as the one before.
  private static func levels(_ before: Plane, _ after: Plane) -> [(Plane, Plane)] {
    var levels = [(before, after)]
    while min(levels[0].0.width, levels[0].0.height) >= 48 {
      levels.insert((levels[0].0.halved, levels[0].1.halved), at: 0)
    }
    return levels
  }

  private func grown(to width: Int, _ height: Int) -> Motion {
    var motion = Motion(width: width, height: height)
    let (sx, sy) = (Float(self.width) / Float(width), Float(self.height) / Float(height))
    for row in 0..<motion.rows {
      for column in 0..<motion.columns {
        let (x, y) = (Float(column * Self.step) * sx, Float(row * Self.step) * sy)
        let vector = vector(x, y)
        motion.vectors[row * motion.columns + column] = Vector(x: vector.x / sx, y: vector.y / sy)
      }
    }
    return motion
  }

  /// The vector at a place between nodes.
  private func vector(_ x: Float, _ y: Float) -> Vector {
    let (gx, gy) = (x / Float(Self.step), y / Float(Self.step))
    let column = min(max(Int(gx), 0), columns - 2)
    let row = min(max(Int(gy), 0), rows - 2)
    let (fx, fy) = (min(max(gx - Float(column), 0), 1), min(max(gy - Float(row), 0), 1))
    let place = row * columns + column
    let top = vectors[place] * (1 - fx) + vectors[place + 1] * fx
    let bottom = vectors[place + columns] * (1 - fx) + vectors[place + columns + 1] * fx
    return top * (1 - fy) + bottom * fy
  }

  // MARK: - Finding it

  private mutating func refine(_ before: Plane, _ after: Plane, around range: Int) {
    // Twice, so that a good vector is handed on in both directions.
    for pass in 0..<2 {
      let order = pass == 0 ? Array(0..<vectors.count) : (0..<vectors.count).reversed()
      for node in order {
        let (row, column) = (node / columns, node % columns)
        let around = neighbours(row, column)
        let usual = around.reduce(Vector(), +) * (1 / Float(around.count))
        var candidates = around + [vectors[node], Vector()]
        for y in -range...range {
          for x in -range...range { candidates.append(vectors[node] + Vector(x: Float(x), y: Float(y))) }
        }
        var best = (vector: vectors[node], cost: Float.infinity)
        for candidate in candidates {
          let candidate = Vector(x: candidate.x.rounded(), y: candidate.y.rounded())
          let far = abs(candidate.x - usual.x) + abs(candidate.y - usual.y)
          let cost =
            Self.reluctance * far + difference(before, after, column, row, candidate, below: best.cost)
          if cost < best.cost { best = (candidate, cost) }
        }
        vectors[node] = best.vector
      }
    }
  }

  private func neighbours(_ row: Int, _ column: Int) -> [Vector] {
    [(0, -1), (0, 1), (-1, 0), (1, 0)].compactMap { dy, dx in
      let (y, x) = (row + dy, column + dx)
      return 0..<rows ~= y && 0..<columns ~= x ? vectors[y * columns + x] : nil
    }
  }

  /// How far blocks are apart, a compared pixel; at least `limit` is all that is told beyond it.
  private func difference(
    _ before: Plane, _ after: Plane, _ column: Int, _ row: Int, _ vector: Vector, below limit: Float
  ) -> Float {
    let (cx, cy) = (column * Self.step, row * Self.step)
    let (dx, dy) = (Int(vector.x), Int(vector.y))
    var (sum, count): (Float, Int) = (0, 0)
    for y in max(0, cy - Self.reach)..<max(1, min(height, cy + Self.reach)) {
      for x in stride(from: max(0, cx - Self.reach), to: max(1, min(width, cx + Self.reach)), by: 2) {
        let (bx, by) = (x + dx, y + dy)
        // What was outside of the frame before cannot be compared.
        guard 0..<width ~= bx, 0..<height ~= by else { continue }
        sum += abs(after[x, y] - before[bx, by])
        count += 1
      }
    }
    // Where most of it was outside, the neighbours decide.
    return count < 12 ? 0.02 : sum / Float(count)
  }

  /// Fits a parabola through the differences around each vector, for motion of parts of a pixel.
  private mutating func refineBetweenPixels(_ level: (Plane, Plane)) {
    let (before, after) = level
    for node in vectors.indices {
      let (row, column) = (node / columns, node % columns)
      let vector = vectors[node]
      func cost(_ x: Float, _ y: Float) -> Float {
        difference(before, after, column, row, vector + Vector(x: x, y: y), below: .infinity)
      }
      func lowest(_ left: Float, _ middle: Float, _ right: Float) -> Float {
        let bend = left - 2 * middle + right
        return bend > 1e-6 && middle <= left && middle <= right
          ? min(max((left - right) / (2 * bend), -0.5), 0.5) : 0
      }
      let middle = cost(0, 0)
      // The same pixels: there is nothing between them.
      if middle < 1e-6 { continue }
      vectors[node] =
        vector
        + Vector(x: lowest(cost(-1, 0), middle, cost(1, 0)), y: lowest(cost(0, -1), middle, cost(0, 1)))
    }
  }

  /// What whole vectors leave of the contrast, where the frame before shows something.
  private func unexplained(_ level: (Plane, Plane)) -> Float {
    let (before, after) = level
    let mean = after.mean
    var (left, contrast, count): (Float, Float, Float) = (0, 0, 0)
    for y in stride(from: 0, to: height, by: 2) {
      for x in stride(from: 0, to: width, by: 2) {
        let vector = vector(Float(x), Float(y))
        let (bx, by) = (x + Int(vector.x.rounded()), y + Int(vector.y.rounded()))
        guard 0..<width ~= bx, 0..<height ~= by else { continue }
        left += abs(after[x, y] - before[bx, by])
        contrast += abs(after[x, y] - mean)
        count += 1
      }
    }
    // A plain frame has no contrast, and its noise is no cut.
    return left / max(contrast, Self.noise * count)
  }

  /// The contrast below which a frame counts as plain, in luminance.
  private static let noise: Float = 0.02

  // MARK: - Using it

  /// A picture that belongs to the frame before, moved to where its parts are in this one; of any size.
  func moving(_ picture: Picture) -> Picture {
    let (w, h) = (picture.width, picture.height)
    let (sx, sy) = (Float(width) / Float(w), Float(height) / Float(h))
    let colour = picture.colour
    let moved = [Float](unsafeUninitializedCapacity: colour.count) { target, count in
      for y in 0..<h {
        for x in 0..<w {
          let vector = vector((Float(x) + 0.5) * sx - 0.5, (Float(y) + 0.5) * sy - 0.5)
          let px = min(max(Float(x) + vector.x / sx, 0), Float(w - 1))
          let py = min(max(Float(y) + vector.y / sy, 0), Float(h - 1))
          let (x0, y0) = (min(Int(px), max(w - 2, 0)), min(Int(py), max(h - 2, 0)))
          let (x1, y1) = (min(x0 + 1, w - 1), min(y0 + 1, h - 1))
          let (fx, fy) = (px - Float(x0), py - Float(y0))
          for channel in 0..<3 {
            let plane = channel * w * h
            let top = colour[plane + y0 * w + x0] * (1 - fx) + colour[plane + y0 * w + x1] * fx
            let bottom = colour[plane + y1 * w + x0] * (1 - fx) + colour[plane + y1 * w + x1] * fx
            target[plane + y * w + x] = top * (1 - fy) + bottom * fy
          }
        }
      }
      count = colour.count
    }
    return Picture(width: w, height: h, colour: moved)
  }
}

/// The lightness of a picture.
private struct Plane {
  let width: Int
  let height: Int
  private var values: [Float]

  subscript(x: Int, y: Int) -> Float { values[y * width + x] }

  init(luminanceOf picture: Picture) {
    (width, height) = (picture.width, picture.height)
    let (plane, colour) = (width * height, picture.overWhite.colour)
    values = (0..<plane).map {
      0.299 * colour[$0] + 0.587 * colour[plane + $0] + 0.114 * colour[2 * plane + $0]
    }
  }

  var mean: Float { values.reduce(0, +) / Float(max(values.count, 1)) }

  /// The plane at half its size, four pixels to one.
  var halved: Plane {
    let (w, h) = (max(1, width / 2), max(1, height / 2))
    var half = Plane(width: w, height: h, values: [])
    half.values.reserveCapacity(w * h)
    for y in 0..<h {
      for x in 0..<w {
        let (x1, y1) = (min(2 * x + 1, width - 1), min(2 * y + 1, height - 1))
        half.values.append((self[2 * x, 2 * y] + self[x1, 2 * y] + self[2 * x, y1] + self[x1, y1]) / 4)
      }
    }
    return half
  }

  private init(width: Int, height: Int, values: [Float]) {
    (self.width, self.height, self.values) = (width, height, values)
  }
}
