import Foundation
import StyleTransfer

/// All that the study found, as `study.json` holds it.
struct StudyResults: Encodable {
  /// A picture and how it came about.
  struct Run: Encodable {
    enum State: String, Encodable { case finished, failed, missing }

    let name: String
    let title: String
    let command: String
    let state: State
    /// Why the picture could not be made.
    var reason: String?
    var settings: Recipe?
    var iterations: Int?
    var evaluations: Int?
    var seconds: Double?
    /// The losses of the iteration with the lowest total at the largest size: the picture's own.
    var content: Double?
    var style: Double?
    var total: Double?
  }

  /// A picture beside the one that it was made from.
  struct Fidelity: Encodable {
    /// The peak signal-to-noise ratio in decibels.
    let psnr: Double
    /// The mean structural similarity; absent where the pictures are too small for it.
    let ssim: Double?
    /// The share of the original's edges that are there, and of its flat places where an edge is now; absent where
    /// it has none.
    let keptEdges: Double?
    let newEdges: Double?
    /// Pearson's correlation of the steepness of both pictures; absent where one is flat.
    let edgeCorrelation: Double?
  }

  struct Reconstruction: Encodable {
    let layer: String
    let run: String
    let fidelity: Fidelity
  }

  /// Two pictures that differ in nothing but the noise that they started from.
  struct Seeds: Encodable {
    let layer: String
    let runs: [String]
    let psnr: Double
    let psnrToOriginal: Double
    let gain: Double
    let autocorrelation: Double?
    let edgeCorrelation: Double?
    /// The root mean squares of the difference between both pictures, and of the first one's to the original.
    let difference: Double
    let differenceToOriginal: Double
  }

  struct Texture: Encodable {
    let layers: String
    let run: String
    /// The root mean square of what changes from pixel to pixel.
    let residue: Double
    /// How far the Gram matrices are from the painting's, as a part of their size.
    let gram: [GramDistance]

    func gram(_ layer: String) -> Double? { gram.first { $0.layer == layer }?.distance }
  }

  struct GramDistance: Encodable {
    let layer: String
    let distance: Double
  }

  struct Textures: Encodable {
    var sets: [Texture] = []
    /// The painting's own residue, at the size that it is looked at.
    let sourceResidue: Double
    /// The decibels between two seeds' textures of all sixteen layers, and between the same seeds' reconstructions.
    var psnrBetweenSeeds: Double?
    var psnrBetweenReconstructions: Double?
  }

  struct Rearrangement: Encodable {
    let name: String
    let title: String
    /// By how many pixels the picture is shifted; `nil` for another rearrangement.
    let shift: Int?
    let picture: String
    let width: Int
    let height: Int
    let layers: [LayerDistance]

    var meanContent: Double { layers.map(\.content).reduce(0, +) / Double(layers.count) }
    var meanGram: Double { layers.map(\.gram).reduce(0, +) / Double(layers.count) }
  }

  /// Two pictures made from the same noise after the same picture, each by one loss alone.
  struct Twins: Encodable {
    let layer: String
    let contentRun: String
    let statisticsRun: String
    let content: Fidelity
    let statistics: Fidelity
  }

  struct Normalization: Encodable {
    let normalization: String
    let run: String
    let fidelity: Fidelity
    /// The decibels between this picture and that of `relative`; absent for `relative` itself.
    let psnrToRelative: Double?
  }

  struct Losses: Encodable {
    var rearrangements: [Rearrangement] = []
    var twins: [Twins] = []
    var normalizations: [Normalization] = []
  }

  struct Transfer: Encodable {
    let run: String
    let start: String
    let seconds: Double
    let evaluations: Int
    let content: Double
    let style: Double
    let total: Double
    let residue: Double
    let fidelity: Fidelity
  }

  struct SheetEntry: Encodable {
    let run: String
    let layers: String
    let weight: Double
    let fidelity: Fidelity
  }

  /// What a claim of the reference is beside the numbers.
  struct Finding: Encodable {
    enum Verdict: String, Encodable {
      case agrees, differs
      case partly
    }

    let section: StudySection
    let claim: String
    let verdict: Verdict
    let text: String
  }

  var version = Version.current
  let content: String
  let style: String
  let size: Int
  let width: Int
  let height: Int
  let quick: Bool
  let weightsSHA256: String
  var sections: [StudySection] = []
  var runs: [Run] = []
  var reconstructions: [Reconstruction] = []
  var seeds: Seeds?
  var textures: Textures?
  var losses: Losses?
  var transfers: [Transfer] = []
  var sheet: [SheetEntry] = []
  var findings: [Finding] = []

  func run(_ name: String) -> Run? { runs.first { $0.name == name } }
  func isFinished(_ name: String) -> Bool { run(name)?.state == .finished }

  /// Lines of JSON with sorted keys.
  func json() throws -> [UInt8] {
    Array(try JSONEncoder.sorted(.prettyPrinted).encode(self)) + [UInt8(ascii: "\n")]
  }
}
