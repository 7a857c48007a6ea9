import NN

extension Recipe {
  /// What is made, and of which pictures.
  public enum Subject: Equatable, Sendable {
    /// The content of a picture in the style of others.
    case transfer(Transfer)
    /// More of a picture's texture.
    case texture(Texture)
    /// A picture again, from its features.
    case reconstruction(Reconstruction)
  }

  /// The content of a picture in the style of others.
  public struct Transfer: Equatable, Sendable {
    /// What is kept.
    public var content: Content
    /// What it is painted like.
    public var style: Style
    /// How much the content counts against the style.
    public var weighing: Weighing
    /// What of the content's colours is kept; `nil` for nothing.
    public var colours: ColourKeeping?
    /// The mask of what may be repainted of the content; see ``PictureSource`` for how it is read. `nil` for everything.
    /// Where the mask is 0 the finished picture has the content's own pixels; in between it is mixed.
    public var mask: PictureSource?
    /// Which part of the picture is painted like which part of which style: one region for each style, or any number for
    /// a single one; none for all of it like all of them. What no region covers stays as the mask's 0 does.
    public var regions: [Region] = []
    /// How much shapes and lines are kept, from 0 (not at all) to 1: the weight of `SelfSimilarityLoss` and
    /// `LaplacianLoss` beside the content's.
    public var shapeKeeping = 0.0
  }

  /// A part of the picture with the part of a style that it is painted like.
  public struct Region: Equatable, Sendable {
    /// A part of the picture.
    public enum Place: Equatable, Sendable {
      /// What a mask says, of the content's proportions.
      case mask(PictureSource)
      /// What the other regions leave.
      case rest
    }

    /// The mask of what is painted so.
    public var place: Place
    /// The mask of the style's part, of the style's proportions; `nil` for all of the style.
    public var source: PictureSource?

    /// The part `place` of the picture, painted like the part `source` of a style.
    public init(_ place: Place, like source: PictureSource? = nil) {
      (self.place, self.source) = (place, source)
    }
  }

  /// More of a picture's texture, of any size.
  public struct Texture: Equatable, Sendable {
    /// What the texture is like.
    public var style: Style
    /// How much the style counts beside the total variation.
    public var weight: Double
    /// The width in pixels; `nil` for the source's, or what goes with the height.
    public var width: Int?
    /// The height in pixels; `nil` for the source's, or what goes with the width.
    public var height: Int?
    /// Whether the edges meet, so that the texture can be repeated without a seam; it needs circular padding, and
    /// rounds its sides up to multiples of what the poolings before the deepest layer divide them by, 16 of the default
    /// layers.
    public var isTileable = false
    /// How much the distance from the source's power spectrum counts beside the style: `SpectrumLoss`, which keeps what
    /// repeats.
    public var spectrumWeight = 0.0
  }

  /// A picture again, from what the network's layers see in it.
  public struct Reconstruction: Equatable, Sendable {
    /// What is kept.
    public var content: Content
    /// How much the content counts beside the total variation.
    public var weight: Double
  }

  /// A picture whose content is kept.
  public struct Content: Equatable, Sendable {
    /// The picture.
    public var picture: PictureSource
    /// The layers whose features are kept.
    public var layers: LayerList
  }

  /// The pictures whose style is taken.
  public struct Style: Equatable, Sendable {
    /// The pictures, at least one.
    public var pictures: [PictureSource]
    /// How much each picture counts, a number for each; `nil` for all alike.
    public var blend: [Double]?
    /// The size of the styles against the picture's: 2 gives strokes twice as large.
    public var scale = 1.0
    /// The layers whose statistics are matched.
    public var layers: LayerList
    /// The statistics that are matched.
    public var statistic: StyleStatistic
    /// The nearest neighbours that are painted in place of statistics; `nil` for statistics.
    public var neighbours: Neighbours?

    /// How much each picture counts.
    var shares: [Double] { blend ?? pictures.map { _ in 1 } }
  }

  /// How a picture looks for its nearest neighbours in the styles: each place is painted like the place of a style whose
  /// features are the most similar (Kolkin et al., Neural Neighbor Style Transfer, 2022). They are found once at each size,
  /// and in the last iterations anew each time.
  public struct Neighbours: Equatable, Sendable {
    /// From photograph (0) to painting (1): how much the search looks at what is painted already, beside the photograph.
    public var alpha = 0.25
    /// Whether neighbours are also looked for in the styles turned by 90, 180 and 270 degrees.
    public var turnsStyles = false

    /// A search that looks so much at what is painted already.
    public init(alpha: Double = 0.25, turnsStyles: Bool = false) {
      (self.alpha, self.turnsStyles) = (alpha, turnsStyles)
    }
  }

  /// How much the content counts against the style.
  public enum Weighing: Equatable, Sendable {
    /// A weight for each loss.
    case weights(content: Double, style: Double)
    /// From photograph (0) to painting (1), whatever the losses' own sizes.
    case balance(Double)
  }

  /// What of the content's colours is kept.
  public enum ColourKeeping: Equatable, Sendable {
    /// Only lightness is painted, the content's hues are put back (Gatys et al. 2016).
    case luminance
    /// The style is given the content's colours before it is looked at.
    case linear(ColorMatching = .symmetric)
  }

  /// What the picture is before the first iteration.
  public enum Start: Equatable, Sendable {
    /// The content.
    case content
    /// The content in the styles' colours; a picture that begins in those of grey styles ends without colours.
    case colour
    /// Noise around grey; `amplitude` is its standard deviation in units of the pixel range.
    case noise(amplitude: Double = Defaults.noiseAmplitude)
    /// Another picture, scaled to fit.
    case picture(PictureSource)
  }

  /// How the picture is made better step by step.
  public enum Method: Equatable, Sendable {
    /// L-BFGS, which remembers `history` steps, `nil` for ``Defaults/history(side:)``; with the frequency filter it moves
    /// large areas before small ones. On its way to a side above ``Defaults/printSide`` a picture has at least
    /// ``Defaults/history`` of them.
    case lbfgs(history: Int? = nil, frequencyFilter: Bool = true)
    /// Adam, with a step size in units of the pixel range.
    case adam(learningRate: Double = Defaults.learningRate)
    /// Adam over the levels of a Laplacian pyramid, which moves large areas as fast as pixels.
    case pyramid(learningRate: Double = Defaults.pyramidLearningRate)
  }

  /// The sizes that the picture grows through.
  public enum Scales: Equatable, Sendable {
    /// From small to large by steps of √2, with as many iterations at each size; at the larger sizes of a large transfer
    /// with fewer, see ``ScaleList/painting(side:iterations:)``.
    case pyramid(iterations: Int)
    /// The picture's size alone.
    case single(iterations: Int)
    /// The sizes that are listed; the last is the picture's.
    case list(ScaleList)
  }

  /// What is used where nothing was chosen.
  public enum Defaults {
    /// Adam's step size.
    public static let learningRate = 0.02
    /// The step size of Adam over a pyramid.
    public static let pyramidLearningRate = 0.004
    /// The steps that L-BFGS remembers.
    public static let history = 10
    /// The steps that L-BFGS remembers at sizes whose longer side is above ``printSide``: each is two copies of the picture,
    /// and few are made at such a size.
    public static let printHistory = 3
    /// The longest side, in pixels, of a picture of which L-BFGS remembers ``history`` steps.
    public static let printSide = 2560
    /// The steps that L-BFGS remembers of a picture with the longer side `side`.
    public static func history(side: Int) -> Int { side > printSide ? printHistory : history }
    /// The steps that L-BFGS remembers at the size `side` of a picture that ends with `finalSide`, where `asked` are asked
    /// for.
    static func history(_ asked: Int?, side: Int, finalSide: Int) -> Int {
      let last = asked ?? history(side: finalSide)
      return finalSide > printSide && side <= printSide ? max(last, history) : last
    }
    /// The standard deviation of the noise around grey, in units of the pixel range.
    public static let noiseAmplitude = 0.1
  }
}

extension Recipe.Start {
  /// The names that stand for a start and not for a file.
  enum Name {
    static let content = "content"
    static let colour = "colour"
    static let noise = "noise"
  }

  /// The start as a flag says it: its name, or a path.
  package var name: String {
    switch self {
    case .content: Name.content
    case .colour: Name.colour
    case .noise: Name.noise
    case .picture(let source): source.name
    }
  }

  /// A start by its name or the path of a picture.
  ///
  /// - Parameters:
  ///   - amplitude: Of noise; `nil` for the default.
  ///   - sha256: The digest that the picture must have; `nil` for any.
  package init(named name: String, amplitude: Double? = nil, sha256: String? = nil) {
    self =
      switch name {
      case Name.content: .content
      // In either spelling, as the flags about colours are spelt the other way.
      case Name.colour, "color": .colour
      case Name.noise: .noise(amplitude: amplitude ?? Recipe.Defaults.noiseAmplitude)
      default: .picture(.file(name, sha256: sha256))
      }
  }
}

extension Recipe.Scales {
  /// The sizes of a picture with the longer side `side`, of a transfer or not.
  func list(side: Int, isTransfer: Bool) -> ScaleList {
    switch self {
    case .pyramid(let iterations):
      isTransfer
        ? .painting(side: side, iterations: iterations) : .pyramid(side: side, iterations: iterations)
    case .single(let iterations): ScaleList([.init(side: side, iterations: iterations)])
    case .list(let list): list
    }
  }

  /// The iterations at each size, where they are the same.
  package var iterations: Int? {
    switch self {
    case .pyramid(let iterations), .single(let iterations): iterations
    case .list: nil
    }
  }
}

extension Recipe.Method {
  /// The name that a flag gives the method.
  package enum Name: String, Codable, CaseIterable, Sendable { case lbfgs, adam, pyramid }

  /// The method's name.
  package var name: Name {
    switch self {
    case .lbfgs: .lbfgs
    case .adam: .adam
    case .pyramid: .pyramid
    }
  }
}

extension Recipe.ColourKeeping {
  /// The name that a flag gives a way to keep colours.
  package enum Name: String, Codable, CaseIterable, Sendable { case luminance, linear }

  /// The way's name.
  var name: Name {
    switch self {
    case .luminance: .luminance
    case .linear: .linear
    }
  }
}

extension Recipe {
  /// The weights of the content's and the style's loss, without a balance.
  package var weights: (content: Double, style: Double) {
    switch subject {
    case .transfer(let transfer):
      switch transfer.weighing {
      case .weights(let content, let style): (content, style)
      // What only one of them looks at is left out.
      case .balance(let balance): (balance < 1 ? 1 : 0, balance > 0 ? 1 : 0)
      }
    case .texture(let texture): (0, texture.weight)
    case .reconstruction(let reconstruction): (reconstruction.weight, 0)
    }
  }
}
