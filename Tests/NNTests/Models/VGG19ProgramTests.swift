import Tensor
import Testing

@testable import NN

@Suite struct VGG19ProgramTests {
  private typealias Layer = VGG19.Layer
  private typealias Step = VGG19.Step

  private static func program(
    _ wanted: [VGG19.Layer], _ pooling: VGG19.Pooling = .max, _ padding: VGG19.Padding = .zero
  ) -> [VGG19.Step] {
    VGG19.program(for: Set(wanted), pooling: pooling, padding: padding)
  }

  // MARK: Lists that can be read

  @Test("VGG19.program: a ReLU is a part of its convolution where only what is behind it is wanted")
  func fusedReLUs() {
    #expect(
      Self.program([.relu(3)]) == [
        .normalize, .convolve(1, border: .zero, rectifying: true),
        .convolve(2, border: .zero, rectifying: true), .pool(.max),
        .convolve(3, border: .zero, rectifying: true), .keep(.relu(3)), .deliver(.relu(3)),
      ])
  }

  @Test("VGG19.program: a ReLU of its own comes after a maximum pooling, and before one of averages")
  func putOffReLUs() {
    #expect(
      Self.program([.convolution(2), .convolution(3)]) == [
        .normalize, .convolve(1, border: .zero, rectifying: true),
        .convolve(2, border: .zero, rectifying: false), .keep(.convolution(2)), .pool(.max), .rectify,
        .deliver(.convolution(2)), .convolve(3, border: .zero, rectifying: false), .keep(.convolution(3)),
        .deliver(.convolution(3)),
      ])
    #expect(
      Self.program([.convolution(2), .pooling(1)], .average) == [
        .normalize, .convolve(1, border: .zero, rectifying: true),
        .convolve(2, border: .zero, rectifying: false), .keep(.convolution(2)), .rectify,
        .deliver(.convolution(2)), .pool(.average), .keep(.pooling(1)), .deliver(.pooling(1)),
      ])
    // At the full size it is wanted itself.
    #expect(
      Self.program([.convolution(2), .relu(2), .pooling(1)]) == [
        .normalize, .convolve(1, border: .zero, rectifying: true),
        .convolve(2, border: .zero, rectifying: false), .keep(.convolution(2)), .rectify,
        .deliver(.convolution(2)), .keep(.relu(2)), .pool(.max), .deliver(.relu(2)), .keep(.pooling(1)),
        .deliver(.pooling(1)),
      ])
  }

  @Test("VGG19.program: nothing wanted is nothing done")
  func nothing() { #expect(Self.program([]) == []) }

  @Test("VGG19.program: each convolution sees the border that the padding gives it")
  func borders() {
    func borders(_ padding: VGG19.Padding) -> [PaddingMode] {
      Self.program([.pooling(5)], .max, padding).compactMap { step in
        if case .convolve(_, let border, _) = step { border } else { nil }
      }
    }
    for (padding, border) in [
      (VGG19.Padding.zero, PaddingMode.zero), (.reflect, .reflect), (.replicate, .replicate),
      (.circular, .circular),
    ] { #expect(borders(padding) == Array(repeating: border, count: 16)) }
    #expect(borders(.replicateFirst) == [.replicate] + Array(repeating: .zero, count: 15))
  }

  // MARK: All lists

  /// Sets of layers: each alone, all, and random ones of any size.
  private static let choices: [[VGG19.Layer]] = {
    var generator = RandomGenerator(seed: 20)
    let random = (0..<100).map { index in
      let share = Double(index % 10 + 1) / 10
      return VGG19.Layer.all.filter { _ in Double.random(in: 0..<1, using: &generator) < share }
    }
    return VGG19.Layer.all.map { [$0] } + [VGG19.Layer.all] + random.filter { !$0.isEmpty }
  }()

  /// What a layer's output is, as the operations one after the other, with every ReLU before the maximum pooling
  /// behind it: the two commute.
  private static func definition(_ layer: VGG19.Layer, _ pooling: VGG19.Pooling) -> [String] {
    ["normalize"]
      + Layer.all[...layer.position].map {
        switch $0.kind {
        case .convolution: "conv \($0.number)"
        case .relu: "relu"
        case .pooling: "\(pooling)"
        }
      }
  }

  @Test("VGG19.program: whatever is wanted is delivered once, in order, and is what the layer's name says")
  func deliveries() {
    for wanted in Self.choices {
      for pooling in VGG19.Pooling.allCases {
        var value: [String] = []
        var kept: [VGG19.Layer: [String]] = [:]
        var delivered: [VGG19.Layer] = []
        for step in Self.program(wanted, pooling) {
          switch step {
          case .normalize: value.append("normalize")
          case .convolve(let number, _, let rectifying):
            value += ["conv \(number)"] + (rectifying ? ["relu"] : [])
          case .rectify:
            if value.last == "max" { value.insert("relu", at: value.count - 1) } else { value.append("relu") }
          case .pool(let pooling): value.append("\(pooling)")
          case .keep(let layer):
            #expect(kept.isEmpty, "two outputs wait")
            kept[layer] = value
          case .deliver(let layer):
            let output = kept.removeValue(forKey: layer)
            #expect(output == Self.definition(layer, pooling))
            delivered.append(layer)
          }
        }
        #expect(delivered == wanted.sorted() && kept.isEmpty)
      }
    }
  }

  @Test(
    "VGG19.program: the next layer reads an output before it is delivered, and none is made after the deepest"
  )
  func order() throws {
    for wanted in Self.choices {
      for pooling in VGG19.Pooling.allCases {
        let program = Self.program(wanted, pooling)
        let deepest = try #require(wanted.max())
        #expect(Array(program.suffix(2)) == [.keep(deepest), .deliver(deepest)])
        for (index, step) in program.enumerated() {
          guard case .keep(let layer) = step, layer != deepest else { continue }
          if case .deliver = program[index + 1] { Issue.record("\(layer) is delivered before it is read") }
        }
        let numbers = program.compactMap { step in
          if case .convolve(let number, _, _) = step { number } else { nil }
        }
        #expect(numbers == Array(0..<numbers.count).map { $0 + 1 })
        #expect(numbers.count == Layer.all[...deepest.position].count { $0.kind == .convolution })
        let poolings = program.count { if case .pool = $0 { true } else { false } }
        #expect(poolings == Layer.all[...deepest.position].count { $0.kind == .pooling })
      }
    }
  }

  // MARK: Sizes

  @Test(
    "VGG19.sized: every output has the sizes of the tensor that is delivered",
    arguments: [(48, 48), (37, 53)])
  func sizes(height: Int, width: Int) throws {
    let image = Tensor<Float>(repeating: 0.5, shape: [1, 3, height, width])
    let features = try Fixture.network()(image, layers: Layer.all)
    var seen = 0
    for sized in VGG19.sized(Self.program(Layer.all), width: width, height: height) {
      guard case .keep(let layer) = sized.step else { continue }
      #expect(features[layer]?.shape == [1, sized.output.channels, sized.output.height, sized.output.width])
      #expect(sized.layer == layer)
      seen += 1
    }
    #expect(seen == 37)
  }

  @Test("VGG19.sized: the operations are those of the network's definition")
  func operations() {
    // Taps, channels before and after, and how many pixels of the picture one of the output stands for.
    let blocks = [
      (3, 64, 1), (64, 64, 1), (64, 128, 4), (128, 128, 4), (128, 256, 16), (256, 256, 16), (256, 256, 16),
      (256, 256, 16), (256, 512, 64), (512, 512, 64), (512, 512, 64), (512, 512, 64), (512, 512, 256),
      (512, 512, 256), (512, 512, 256), (512, 512, 256),
    ]
    let pixels = 64 * 32
    let expected = blocks.reduce(0) { $0 + 2 * 9 * $1.0 * $1.1 * (pixels / $1.2) }
    for wanted in [[Layer.convolution(16)], Layer.all.filter { $0 <= .convolution(16) }] {
      let steps = VGG19.sized(Self.program(wanted), width: 64, height: 32)
      #expect(steps.reduce(0) { $0 + $1.operations } == Double(expected))
    }
  }
}
