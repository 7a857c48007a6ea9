import Tensor

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
    /// What a layer computes.
    public enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
      /// A 3×3 convolution, whose output is taken before its ReLU.
      case convolution = "conv"
      /// The positive part, max(x, 0), of a convolution's output.
      case relu
      /// A 2×2 pooling at the end of a block.
      case pooling = "pool"

      /// The kind as layers' names begin: `conv`, `relu` or `pool`.
      public var description: String { rawValue }
    }

    /// The place in the order of computation, 0 ... 36, as in torchvision's `features`.
    public let position: Int

    /// The layer that is called `name`, in any of the forms the type describes.
    ///
    /// - Throws: ``VGG19/UnknownLayer``.
    public init(_ name: String) throws(UnknownLayer) {
      guard let position = Self.positions[name] else { throw UnknownLayer(name: name) }
      self.position = position
    }

    /// The output of convolution `number`, 1 ... 16, before its ReLU.
    public static func convolution(_ number: Int) -> Layer { Layer(.convolution, number) }

    /// The output of the ReLU after convolution `number`, 1 ... 16.
    public static func relu(_ number: Int) -> Layer { Layer(.relu, number) }

    /// The output of the pooling after block `number`, 1 ... 5.
    public static func pooling(_ number: Int) -> Layer { Layer(.pooling, number) }

    /// All layers of the network in the order of computation.
    public static let all = plan.indices.map { Layer(position: $0) }

    /// The layer's own name: `conv_9`, `relu_9` or `pool_3`.
    public var name: String { Self.plan[position].names[0] }

    /// What the layer computes.
    public var kind: Kind { Self.plan[position].kind }

    /// The layer's place among those of its kind, from 1: 9 for `conv_9`.
    public var number: Int { Self.plan[position].number }

    /// How many values a pixel of the layer's output has.
    public var channelCount: Int { VGG19.blocks[block].channels }
  }
}

extension VGG19.Layer: Comparable, CustomStringConvertible {
  /// Whether `a` is computed before `b`.
  public static func < (a: Self, b: Self) -> Bool { a.position < b.position }

  public var description: String { name }
}

// MARK: - The network's plan

extension VGG19 {
  /// The blocks' numbers of convolutions and channels.
  static let blocks: [(convolutions: Int, channels: Int)] = [
    (2, 64), (2, 128), (4, 256), (4, 512), (4, 512),
  ]
}

extension VGG19.Layer {
  /// What there is to know of a place.
  private struct Place {
    let kind: Kind
    let number: Int
    /// From 0.
    let block: Int
    /// The place's own name, the one by block and place in it, and torchvision's.
    let names: [String]
  }

  /// Every place in order.
  private static let plan: [Place] = {
    var plan: [Place] = []
    func add(_ kind: Kind, _ number: Int, block: Int, named place: String) {
      plan.append(
        Place(
          kind: kind, number: number, block: block,
          names: ["\(kind)_\(number)", "\(kind)\(place)", "features.\(plan.count)"]))
    }
    var number = 0
    for (block, figures) in VGG19.blocks.enumerated() {
      for place in 1...figures.convolutions {
        number += 1
        add(.convolution, number, block: block, named: "\(block + 1)_\(place)")
        add(.relu, number, block: block, named: "\(block + 1)_\(place)")
      }
      add(.pooling, block + 1, block: block, named: "\(block + 1)")
    }
    return plan
  }()

  /// The block, from 0, that the layer is in; a pooling is in the block that it ends.
  var block: Int { Self.plan[position].block }

  private init(position: Int) { self.position = position }

  private init(_ kind: Kind, _ number: Int) {
    guard let position = Self.plan.firstIndex(where: { $0.kind == kind && $0.number == number }) else {
      ShapeCheck.fail(
        "VGG19.Layer: there is no \(kind)_\(number); convolutions are 1 ... 16, poolings 1 ... 5")
    }
    self.position = position
  }

  /// Every accepted name.
  static let positions = Dictionary(
    uniqueKeysWithValues: plan.enumerated().flatMap { position, place in place.names.map { ($0, position) } })
}
