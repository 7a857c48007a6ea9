import ArgumentParser
import Foundation
import StyleStudy
import StyleTransfer

/// A command that names files to read and to write, which are compared before it begins: see ``FileUse``.
protocol NamingFiles {
  /// Everything that it would read or write.
  ///
  /// - Throws: What the command throws for settings that do not go together.
  func namedFiles() throws -> FileUse
}

extension FileUse {
  /// Adds the weights that a run reads, those of the cache among them.
  fileprivate mutating func reads(weightsOf machine: MachineOptions) {
    reads(try? WeightsLocator.path(explicit: machine.weights), by: "--weights")
  }

  /// Adds the pictures that a recipe is made from.
  fileprivate mutating func reads(picturesOf recipe: Recipe) {
    func path(_ source: PictureSource?) -> String? { source.flatMap { $0.isStandardInput ? nil : $0.path } }
    reads(path(recipe.content?.picture), by: "--content")
    for style in recipe.style?.pictures ?? [] { reads(path(style), by: "--style") }
    if case .picture(let start) = recipe.start { reads(path(start), by: "--init") }
    reads(path(recipe.transfer?.mask), by: "--mask")
    for mask in recipe.transfer?.regions.flatMap(\.sources) ?? [] { reads(path(mask), by: "--region") }
  }

  /// Adds the picture that a run makes.
  fileprivate mutating func writes(picture path: String) {
    if path != OutputFile.standardOutput { writes(path, by: "-o") }
  }
}

extension PictureCommand {
  func namedFiles() throws -> FileUse {
    var files = FileUse()
    if output.planning.plan { return files }
    files.reads(picturesOf: try recipe())
    files.reads(common.settings, by: "--settings")
    files.reads(weightsOf: machine)

    let path = try output.path()
    files.writes(picture: path)
    files.writes(output.checkpoint.checkpoint, by: "--checkpoint")
    files.writes(output.log, by: "--log")
    if case .file(let path) = try output.preview.map(Preview.Kind.init(parsing:)) {
      files.writes(path, by: "--preview")
    }
    switch try output.timelapse.map(Timelapse.Kind.init(parsing:)) {
    case .animation(let path): files.writes(path, by: "--timelapse")
    case .folder(let folder): files.writes(numbered: "", ".png", in: folder, by: "--timelapse")
    case nil: break
    }
    if let step = output.saveEvery {
      let name = path as NSString
      let stem = (name.lastPathComponent as NSString).deletingPathExtension
      files.writes(
        numbered: "\(stem)-", ".\(name.pathExtension)", step: step, in: name.deletingLastPathComponent,
        by: "--save-every")
    }
    return files
  }
}

extension Transfer: NamingFiles {}
extension Texture: NamingFiles {}
extension Reconstruct: NamingFiles {}

extension Rerun: NamingFiles {
  func namedFiles() throws -> FileUse {
    var files = FileUse()
    if planning.plan { return files }
    files.reads(picture, by: "the picture to make again")
    files.reads(picturesOf: try recipe())
    files.reads(weightsOf: machine)
    files.writes(picture: try outputPath())
    return files
  }
}

extension Resume: NamingFiles {
  func namedFiles() throws -> FileUse {
    var files = FileUse()
    let checkpoint = try Checkpoint(contentsOf: checkpoint)
    files.reads(checkpoint.path, by: "the checkpoint")
    files.reads(picturesOf: try checkpoint.recipe())
    let notes = try RunNotes(checkpoint)
    files.reads(
      try? WeightsLocator.path(explicit: machine.weights ?? notes.weights.map(notes.path)), by: "--weights")
    files.writes(picture: try outputFile(checkpoint, notes).path)
    files.writes(notes.side.log.map(notes.path), by: "--log")
    return files
  }
}

extension Compare: NamingFiles {
  func namedFiles() -> FileUse {
    var files = FileUse()
    files.reads(original, by: "the original")
    files.reads(other, by: "the picture compared with it")
    files.reads(weightsOf: machine)
    for path in perceptual ? PerceptualWeights(folder: perceptualWeights).paths : [] {
      files.reads(path, by: "--perceptual")
    }
    files.writes(difference, by: "--difference")
    return files
  }
}

extension FeaturesCommand: NamingFiles {
  func namedFiles() -> FileUse {
    var files = FileUse()
    files.reads(image, by: "--image")
    files.reads(weightsOf: machine)
    files.writes(output, by: "-o")
    return files
  }
}

extension WeightsCommand: NamingFiles {
  func namedFiles() -> FileUse {
    var files = FileUse()
    files.reads(try? WeightsLocator.path(explicit: weights), by: "--weights")
    files.writes(convert, by: "--convert")
    return files
  }
}

extension StudyCommand: NamingFiles {
  func namedFiles() throws -> FileUse {
    var files = FileUse()
    if planning.plan { return files }
    files.reads(content, by: "--content")
    files.reads(style, by: "--style")
    files.reads(weightsOf: machine)
    for name in StudyFolder.names { files.writes("\(outDir)/\(name)", by: "--out-dir") }
    try files.check()
    try StudyFolder.check(outDir)
    return files
  }
}
