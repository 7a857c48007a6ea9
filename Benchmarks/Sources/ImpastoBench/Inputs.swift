import Tensor

/// Made-up inputs, computed from integers alone so that `peer.py` makes the same to the bit.
enum Inputs {
  /// A hash of 32-bit integers.
  static func mixed(_ value: UInt32) -> UInt32 {
    var x = value
    for (shift, factor) in [(16, 0x21f0_aaad), (15, 0x735a_2d97)] as [(UInt32, UInt32)] {
      x = (x ^ (x >> shift)) &* factor
    }
    return x ^ (x >> 15)
  }

  /// Numbers in −1 ..< 1 with a triangular distribution, row-major; negative ones are 0 if `rectified`.
  static func noise(_ shape: Shape, seed: UInt32, rectified: Bool = false) -> Tensor<Float> {
    let keys = (mixed(2 * seed), mixed(2 * seed + 1))
    return Tensor(shape: shape) { buffer in
      for index in buffer.indices {
        let place = UInt32(index)
        let total = Int32(mixed(place ^ keys.0) >> 8) + Int32(mixed(place ^ keys.1) >> 8) - (1 << 24)
        buffer[index] = Float(rectified ? max(total, 0) : total) * 0x1p-24
      }
    }
  }

  /// [1, 3, size, size]: triangular waves of four lengths in colours, for structure at every scale.
  static func picture(size: Int, seed: UInt32) -> Tensor<Float> {
    Tensor(shape: [1, 3, size, size]) { buffer in
      buffer.initialize(repeating: 0)
      for channel in 0..<3 {
        for (wave, length) in [256, 61, 17, 5].enumerated() {
          let key = mixed(16 * seed + UInt32(wave))
          let phase = Int(mixed(key &+ UInt32(channel))) % (2 * length)
          let (dx, dy) = (Int(key % 7) - 3, Int(key / 7 % 7) - 3)
          for y in 0..<size {
            for x in 0..<size {
              let position = (dx * x + dy * y + phase) % (2 * length)
              let height = abs((position < 0 ? position + 2 * length : position) - length)
              buffer[(channel * size + y) * size + x] += Float(height * 1024 / length) / 4096
            }
          }
        }
      }
    }
  }
}

extension Tensor where Scalar == Float {
  /// The same [N, C, H, W] numbers with the channels next to each other in memory, as `conv2D` leaves them.
  func channelsLast() -> Tensor {
    let copy = transposed(axes: [0, 2, 3, 1])
    return Tensor(copy.scalars, shape: copy.shape).transposed(axes: [0, 3, 1, 2])
  }
}
