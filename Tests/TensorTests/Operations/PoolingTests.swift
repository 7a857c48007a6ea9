import TestSupport
import Testing

@testable import Tensor

@Suite("Pooling")
struct PoolingTests {
  typealias Figures = (window: (Int, Int), stride: (Int, Int), padding: (Int, Int))

  @Test("of equal numbers the first one gets the gradient")
  func ties() {
    let x = Tensor<Double>.ones([1, 1, 2, 2])
    let slope = gradient(at: x) { $0.maxPool2D(window: 2).sum() }
    #expect(slope.scalars == [1, 0, 0, 0])
  }

  @Test("a window of −∞ alone chooses a place on the picture, not on the padding")
  func allInfinite() {
    let x = Tensor<Double>(repeating: -.infinity, shape: [1, 1, 2, 2])
    let slope = gradient(at: x) { $0.maxPool2D(window: 2, stride: 1, padding: 1).sum() }
    #expect(slope.scalars == [4, 2, 2, 1])
  }

  @Test(
    "channels-last and row-major pictures give the same, values and gradients, and keep their order",
    arguments: [(32, 6, 8), (16, 5, 7), (3, 5, 6), (48, 2, 3)])
  func layouts(channels: Int, height: Int, width: Int) {
    let shape = [2, channels, height, width]
    let values = DeterministicValues(seed: 3).uniform(shape.reduce(1, *), in: -1...1).map { Float($0) }
    let rowMajor = Tensor(values, shape: shape)
    let channelsLast = Tensor(Kernels.channelsLast(rowMajor.array))
    let figures: [Figures] = [((2, 2), (2, 2), (0, 0)), ((2, 1), (1, 1), (1, 0)), ((2, 2), (1, 2), (1, 1))]
    for (window, stride, padding) in figures {
      for isMax in [true, false] {
        func pool(_ x: Tensor<Float>) -> Tensor<Float> {
          isMax
            ? x.maxPool2D(window: window, stride: stride, padding: padding)
            : x.averagePool2D(window: window, stride: stride, padding: padding)
        }
        #expect(pool(rowMajor).array.layout.isContiguous)
        #expect(pool(channelsLast).array.layout.isChannelsLast)
        #expect(pool(rowMajor).scalars == pool(channelsLast).scalars)
        #expect(pool(channelsLast.tracked()).scalars == pool(channelsLast).scalars)
        let slopes = [rowMajor, channelsLast].map { x in
          gradient(at: x) { x in
            let y = pool(x)
            return (y * Tensor((0..<y.count).map { Float($0 % 11) }, shape: y.shape)).sum()
          }
        }
        #expect(slopes[0].scalars == slopes[1].scalars)
        #expect(slopes[0].scalars.contains { $0 != 0 })
      }
    }
  }

  @Test("max-pooling keeps two bits a window of 2×2, a byte up to 256 places, then a word")
  func widthOfChoices() {
    func bytes(_ window: Int) -> Int {
      let size = 4 * window
      let axis = WindowAxis(size: size, window: window, stride: window, padding: 0)
      let geometry = PoolingGeometry(
        batch: 1, channels: 16, vertical: axis, horizontal: axis, isChannelsLast: true)
      return WindowChoices(geometry).storage.byteCount
    }
    let windows = 16 * 4 * 4
    #expect(bytes(2) == windows * 2 / 8)
    #expect(bytes(3) == windows)
    #expect(bytes(16) == windows)
    #expect(bytes(17) == 4 * windows)
  }
}
