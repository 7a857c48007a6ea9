extension VGG19 {
  /// A place in the network whose output can be asked for.
  ///
  /// The network is sixteen 3×3 convolutions, each followed by a ReLU, in five blocks, each followed by a 2×2
  /// pooling. `conv_k` is the k-th convolution's output *before* its ReLU.
  ///
  /// | block | convolutions | channels | also called |
  /// | --- | --- | --- | --- |
  /// | 1 | `conv_1` `conv_2` | 64 | `conv1_1`, `relu1_1`, `pool1` … |
  /// | 2 | `conv_3` `conv_4` | 128 | `conv2_1` … |
  /// | 3 | `conv_5` … `conv_8` | 256 | `conv3_1` … |
  /// | 4 | `conv_9` … `conv_12` | 512 | `conv4_1` … |
  /// | 5 | `conv_13` … `conv_16` | 512 | `conv5_1` … |
  ///
  /// `features.N` is place N of torchvision's list: `features.19` is `conv_9`.
  public struct Layer: Hashable, Sendable {
    /// The place in the order of computation, 0 ... 36, as in torchvision's `features`.
    public let position: Int

    init(position: Int) { self.position = position }

    /// The layer of that name, in any of the forms the type describes.
    ///
    /// - Throws: ``VGG19/UnknownLayer``.
    public init(_ name: String) throws(UnknownLayer) {
      guard let position = Self.positions[name] else { throw UnknownLayer(name: name) }
      self.position = position
    }

    /// The output of convolution `number`, 1 ... 16, before its ReLU.
    public static func convolution(_ number: Int) -> Layer { Layer(.convolution(number)) }

    /// The output of the ReLU after convolution `number`, 1 ... 16.
    public static func relu(_ number: Int) -> Layer { Layer(.relu(number)) }

    /// The output of the pooling after block `number`, 1 ... 5.
    public static func pooling(_ number: Int) -> Layer { Layer(.pooling(number)) }

    /// All layers in the order of computation.
    public static let all = stages.indices.map { Layer(position: $0) }

    /// The layer's own name: `conv_9`, `relu_9` or `pool_3`.
    public var name: String { stage.names[0] }

    /// How many values a pixel of the layer's output has.
    public var channelCount: Int { VGG19.blocks[block].channels }
  }
}

extension VGG19.Layer: Comparable, CustomStringConvertible {
  /// In the order of computation.
  public static func < (a: Self, b: Self) -> Bool { a.position < b.position }

  public var description: String { name }
}

// MARK: - The network's plan

extension VGG19 {
  /// The blocks' numbers of convolutions and channels.
  static let blocks: [(convolutions: Int, channels: Int)] = [
    (2, 64), (2, 128), (4, 256), (4, 512), (4, 512),
  ]

  /// What is computed at a place.
  enum Stage: Hashable {
    /// Numbered 1 ... 16 through all blocks.
    case convolution(Int)
    case relu(Int)
    case pooling(Int)
  }
}

extension VGG19.Layer {
  /// Every place's stage and block, in order.
  private static let plan: [(stage: VGG19.Stage, block: Int)] = {
    var plan: [(VGG19.Stage, Int)] = []
    var number = 0
    for (block, figures) in VGG19.blocks.enumerated() {
      for _ in 0..<figures.convolutions {
        number += 1
        plan += [(.convolution(number), block), (.relu(number), block)]
      }
      plan.append((.pooling(block + 1), block))
    }
    return plan
  }()

  static let stages = plan.map(\.stage)

  var stage: VGG19.Stage { Self.plan[position].stage }

  /// The block, from 0, that the layer is in; a pooling is in the block that it ends.
  var block: Int { Self.plan[position].block }

  private init(_ stage: VGG19.Stage) {
    guard let position = Self.stages.firstIndex(of: stage) else {
      fatalError("VGG19.Layer: there is no \(stage); convolutions are 1 ... 16, poolings 1 ... 5")
    }
    self.position = position
  }

  /// Every accepted name.
  static let positions: [String: Int] = {
    var positions: [String: Int] = [:]
    for (position, stage) in stages.enumerated() {
      for name in stage.names + ["features.\(position)"] { positions[name] = position }
    }
    return positions
  }()
}

extension VGG19.Stage {
  /// The stage's own name and the one by block and place in it.
  fileprivate var names: [String] {
    switch self {
    case .convolution(let number): ["conv_\(number)", "conv\(Self.blockAndPlace(number))"]
    case .relu(let number): ["relu_\(number)", "relu\(Self.blockAndPlace(number))"]
    case .pooling(let number): ["pool_\(number)", "pool\(number)"]
    }
  }

  /// `4_1` for the ninth convolution.
  private static func blockAndPlace(_ number: Int) -> String {
    var place = number
    var block = 0
    while place > VGG19.blocks[block].convolutions {
      place -= VGG19.blocks[block].convolutions
      block += 1
    }
    return "\(block + 1)_\(place)"
  }
}
