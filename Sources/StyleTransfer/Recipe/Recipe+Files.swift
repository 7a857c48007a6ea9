import Foundation
import ImpastoPlatform
import NN
import Tensor

extension Recipe {
  /// The recipe as a picture keeps it: files by their names and digests, never by their folders, which are nobody
  /// else's business and are somewhere else tomorrow.
  package var withoutFolders: Recipe {
    mapSources { (source) throws(Never) in source.withoutFolder }
  }

  /// The recipe with every file that is not where it should be looked for in `folders`: by its name there, then in
  /// their folders by name, and at last by its digest alone.
  ///
  /// One that is there under its name with another digest stays, to be refused when it is read.
  ///
  /// - Parameter remedy: What a user can do about a file that is nowhere.
  /// - Throws: ``StyleTransferError`` for a file that is nowhere.
  package func findingFiles(
    in folders: [String], remedy: String = "put it there"
  ) throws(StyleTransferError) -> Recipe {
    try mapSources { (source) throws(StyleTransferError) in
      guard case .file(let path, let sha256) = source else { return source }
      // Yet to be read, where no digest is known of it.
      if source.isStandardInput, sha256 == nil { return source }
      let search = FileSearch(path: path, sha256: sha256, folders: folders)
      if let found = search.found() ?? search.named() { return .file(found, sha256: sha256) }
      throw StyleTransferError(
        .missingInput,
        "'\((path as NSString).lastPathComponent)', which the picture was made from, does not exist in the picture's "
          + "folder or in the current one; \(remedy)")
    }
  }

  /// The recipe with each of its pictures changed.
  package func mapSources<Failure: Error>(
    _ change: (PictureSource) throws(Failure) -> PictureSource
  ) throws(Failure) -> Recipe {
    var recipe = self
    if let picture = content?.picture { recipe.content?.picture = try change(picture) }
    if let pictures = style?.pictures {
      var changed: [PictureSource] = []
      for picture in pictures { changed.append(try change(picture)) }
      recipe.style?.pictures = changed
    }
    if case .picture(let picture) = start { recipe.start = .picture(try change(picture)) }
    if let mask = transfer?.mask { recipe.transfer?.mask = try change(mask) }
    if let regions = transfer?.regions, !regions.isEmpty {
      var changed: [Region] = []
      for var region in regions {
        if case .mask(let mask) = region.place { region.place = .mask(try change(mask)) }
        if let source = region.source { region.source = try change(source) }
        changed.append(region)
      }
      recipe.transfer?.regions = changed
    }
    return recipe
  }

  /// All its pictures: content, styles, start, mask, and those of the regions.
  package var sources: [PictureSource] {
    var sources: [PictureSource] = []
    _ = mapSources { (source) throws(Never) in
      sources.append(source)
      return source
    }
    return sources
  }
}

/// Where a picture is that was used once, and may have been moved since.
private struct FileSearch {
  let path: String
  /// The digest that it must have; `nil` for any.
  let sha256: String?
  let folders: [String]

  /// How deep folders are looked through, and how many files at most: a rerun in a home folder should not read all
  /// of it.
  private static let depth = 3
  private static let fileLimit = 20_000

  private var name: String { (path as NSString).lastPathComponent }
  /// Where the file is first looked for.
  private var candidates: [String] { [path] + folders.map { join($0, name) } }

  /// A file of the name, whatever is in it.
  func named() -> String? { candidates.first(where: isFile) }

  func found() -> String? {
    if let there = candidates.first(where: isIt) { return there }
    guard sha256 != nil else { return nil }
    let others = folders.map(files)
    for list in others {
      if let there = list.first(where: { ($0 as NSString).lastPathComponent == name && isIt($0) }) {
        return there
      }
    }
    // Renamed: only among the pictures beside it, since each is read for its digest.
    for folder in folders {
      let beside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let pictures = beside.sorted().filter(PictureFormat.mayBeRead)
      if let there = pictures.map({ join(folder, $0) }).first(where: isIt) { return there }
    }
    return nil
  }

  private func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  private func isIt(_ path: String) -> Bool {
    guard isFile(path) else { return false }
    guard let sha256 else { return true }
    // A pipe among them would be waited for without end.
    guard FileManager.default.isRegularFile(path) else { return false }
    return (try? SHA256.digest(ofFile: path)) == sha256
  }

  private func files(of folder: String) -> [String] {
    guard
      let walk = FileManager.default.enumerator(
        at: URL(filePath: folder), includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    else { return [] }
    var files: [String] = []
    for case let url as URL in walk {
      if walk.level >= Self.depth { walk.skipDescendants() }
      files.append(url.path)
      if files.count >= Self.fileLimit { break }
    }
    return files.sorted()
  }

  private func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder == "." ? name : (folder as NSString).appendingPathComponent(name)
  }
}
