import Foundation
import NN
import StyleTransfer
import Tensor
import TestSupport
import Testing

@testable import StyleApp

/// What goes wrong in mid-run, or only looks like success: the picture is kept, and the status says what it is worth.
@Suite("Trouble in a run")
struct TroubleTests {
  private static func arguments(_ more: [String] = []) -> [String] {
    [
      "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
      Impasto.example("starry_night.jpg"),
      "-o", "out.png", "--size", "48", "--no-pyramid", "--no-stop-when-settled", "--iterations", "3",
      "--quiet",
    ] + more
  }

  // MARK: Side outputs

  @Test(
    "an output beside the picture that cannot be written on to is given up, and the picture is written",
    arguments: [
      ["--log", "/dev/full"], ["--timelapse", "frames"], ["--save-every", "1"],
      ["--log", "/dev/full", "--timelapse", "frames"],
    ])
  func sideOutputs(_ options: [String]) throws {
    try withTemporaryFolder { folder in
      // A folder stands where a picture should go.
      for name in ["frames/0001.png", "out-0001.png"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      let result = try Impasto.run(Self.arguments(options), in: folder)
      #expect(result.status == 73, "\(result.errors)")
      #expect(result.errors.contains("the run goes on without \(options[0])"))
      // Each is told once as it happens, and the first as the reason of the status.
      #expect(result.errors.components(separatedBy: "the run goes on without \(options[0])").count == 2)
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out.png").path))
      #expect(!json.contains("stopped-at-iteration"))
    }
  }

  @Test("a log goes through a link and into a device, which stay what they are")
  func logThroughLink() throws {
    try withTemporaryFolder { folder in
      try Data("old".utf8).write(to: folder.appending(path: "real.jsonl"))
      let link = folder.appending(path: "link.jsonl").path
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.jsonl")
      let result = try Impasto.run(Self.arguments(["--log", "link.jsonl"]), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.jsonl")
      let log = try String(contentsOf: folder.appending(path: "real.jsonl"), encoding: .utf8)
      #expect(log.hasPrefix("{") && log.split(separator: "\n").count == 4)
      let pipe = try Impasto.run(Self.arguments(["--log", "/dev/fd/1"]), in: folder)
      #expect(pipe.status == 0 && pipe.output.split(separator: "\n").count == 4)
    }
  }

  // MARK: Weights

  /// The published weights with something done to the numbers of each tensor.
  private static func weights(
    in folder: URL, _ change: (String, Tensor<Float>) -> Tensor<Float>
  ) throws -> String {
    let archive = try openTensorArchive(try WeightsLocator.path(explicit: nil))
    var tensors: [String: Tensor<Float>] = [:]
    for name in archive.names { tensors[name] = change(name, try archive.tensor(name)) }
    let path = folder.appending(path: "weights.safetensors").path
    try Safetensors.write(tensors, to: path)
    return path
  }

  @Test(
    "weights that make the loss infinite or no number end in an error, and no picture",
    arguments: ["times 1e30", "one NaN", "one infinity", "zeros"])
  func damagedWeights(_ damage: String) throws {
    try withTemporaryFolder { folder in
      let path = try Self.weights(in: folder) { name, numbers in
        switch damage {
        case "times 1e30": return numbers * 1e30
        case "zeros": return .zeros(numbers.shape)
        default:
          guard name == "5.weight" else { return numbers }
          var numbers = numbers
          numbers.withUnsafeMutableScalars { $0[7] = damage == "one NaN" ? .nan : .infinity }
          return numbers
        }
      }
      let result = try Impasto.run(Self.arguments(["--weights", path]), in: folder)
      #expect(result.status == 65, "\(result.errors)")
      #expect(
        result.errors.contains("weights.safetensors") && result.errors.contains("damaged"), "\(result.errors)"
      )
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))
    }
  }

  @Test(
    "weights of the losses that are too large end in an error",
    arguments: [
      ["--content-weight", "1e300"], ["--style-weight", "1e39"],
      ["--normalization", "sum", "--style-weight", "1e38"], ["--tv-weight", "1e300"],
      ["--optimizer", "adam", "--style-weight", "1e300"],
    ])
  func infiniteLoss(_ options: [String]) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(Self.arguments(options), in: folder)
      #expect(result.status == 65, "\(result.errors)")
      #expect(result.errors.contains("the loss is not a finite number"), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))
    }
  }

  @Test("a file with the name of published weights and other bytes is warned of, another name is not")
  func otherWeights() throws {
    try withTemporaryFolder { folder in
      let published = try WeightsLocator.path(explicit: nil)
      var bytes = try Data(contentsOf: URL(filePath: published))
      // The last bits of eight numbers, far from anything that describes tensors.
      for index in 0..<8 { bytes[bytes.count / 2 + 4 * index] ^= 1 }
      for (name, warns) in [((published as NSString).lastPathComponent, true), ("mine.pth", false)] {
        let path = folder.appending(path: name).path
        try bytes.write(to: URL(filePath: path))
        let result = try Impasto.run(Self.arguments(["--weights", path]), in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("are not the published \(name)") == warns, "\(result.errors)")
        let features = try Impasto.run(
          [
            "features", "--image", Impasto.example("castle.jpg"), "--size", "32", "--layers", "conv_1", "-o",
            "f.safetensors", "--weights", path,
          ], in: folder)
        #expect(features.status == 0 && features.errors.contains("are not the published") == warns)
      }
    }
  }

  @Test("an optimiser that went uphill tells which iteration the picture is of")
  func divergence() throws {
    try withTemporaryFolder { folder in
      let loud = Self.arguments(["--optimizer", "adam", "--learning-rate", "1e30"]).filter { $0 != "--quiet" }
      let result = try Impasto.run(loud, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains(
          /the picture is the best, of iteration 0 with the loss [0-9.]+, and the last had/))
      let calm = try Impasto.run(Self.arguments().filter { $0 != "--quiet" }, in: folder)
      #expect(calm.status == 0 && !calm.errors.contains("the picture is the best"))
    }
  }

  // MARK: What is typed

  @Test(
    "numbers beyond all measure are refused in a sentence",
    arguments: [
      ["--size", "9223372036854775807"], ["--size", "4611686018427387904", "--plan"],
      ["--size", "1048577", "--plan"],
      ["--iterations", "9223372036854775807", "--plan"], ["--iterations", "1000000001"],
    ])
  func absurdNumbers(_ options: [String]) throws {
    try withTemporaryFolder { folder in
      let transfer = [
        "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
        Impasto.example("starry_night.jpg"), "-o", "out.png",
      ]
      let result = try Impasto.run(transfer + options, in: folder)
      #expect(result.status == 64, "\(result.errors)")
      #expect(result.errors.contains("Error: \(options[0]) \(options[1]): at most "), "\(result.errors)")
    }
  }

  @Test("other commands refuse such numbers as well")
  func absurdNumbersElsewhere() throws {
    try withTemporaryFolder { folder in
      let (content, style) = (Impasto.example("castle.jpg"), Impasto.example("starry_night.jpg"))
      let texture = ["texture", "--style", style, "-o", "out.png", "--plan"]
      let study = ["study", "--content", content, "--style", style, "--out-dir", "out"]
      let features = ["features", "--image", content, "--layers", "conv_1", "-o", "f.safetensors"]
      for (arguments, status) in [
        (texture + ["--width", "4000000000", "--height", "4000000000"], 64),
        (texture + ["--height", "9223372036854775807"], 64),
        (texture + ["--scales", "128:1,9223372036854775807:1"], 64),
        (texture + ["--scales", "128:9223372036854775807,256:9223372036854775807"], 64),
        (study + ["--size", "9223372036854775807", "--plan"], 64),
        (features + ["--size", "9223372036854775807"], 64),
        (features + ["--size", "60000"], 65),
      ] {
        let result = try Impasto.run(arguments, in: folder)
        #expect(Int(result.status) == status, "\(arguments) \(result.errors)")
        #expect(result.errors.contains("at most ") || result.errors.contains("limit"), "\(result.errors)")
      }
    }
  }

  @Test(
    "a value that begins with a minus is judged as a value",
    arguments: [
      ("--size", "-5", "--size -5: 0 or more"), ("--iterations", "-1", "--iterations -1: at least 1"),
      ("--content-weight", "-1", "--content-weight -1.0: a number of 0 or more"),
      ("--tv-weight", "-1", "--tv-weight -1.0"),
      ("--style-weight", "-.5", "--style-weight -0.5"), ("--tv-weight", "-inf", "--tv-weight -inf"),
      ("--save-every", "-1", "--save-every -1: at least 1"), ("--style-blend", "-1", "--style-blend -1.0"),
      ("--scales", "-64:3", "'-64:3' is no scale"), ("--seed", "-1", "'-1' is invalid for '--seed <n>'"),
    ])
  func negativeValues(_ option: String, _ value: String, _ sentence: String) throws {
    try withTemporaryFolder { folder in
      let command = [
        "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
        Impasto.example("starry_night.jpg"), "-o", "out.png",
      ]
      for arguments in [[option, value], ["\(option)=\(value)"]] {
        let result = try Impasto.run(command + arguments, in: folder)
        #expect(result.status == 64)
        #expect(result.errors.contains(sentence), "\(result.errors)")
        #expect(result.errors.contains("Usage: impasto transfer"), "\(result.errors)")
      }
    }
  }

  @Test("values are joined to the option before them only where they are numbers")
  func joined() {
    #expect(
      Arguments.joined(["a", "--size", "-5", "-o", "-.5", "--x=1", "-2"]) == [
        "a", "--size=-5", "-o", "-.5", "--x=1", "-2",
      ])
    #expect(
      Arguments.joined(["--quiet", "-o", "a.png", "--", "-5"]) == [
        "--quiet", "-o", "a.png", "--", "-5",
      ])
    #expect(
      Arguments.joined(["--content", "-dash.png", "-o", "-o.png", "--style", "-q"]) == [
        "--content=-dash.png", "-o", "-o.png", "--style", "-q",
      ])
    #expect(Arguments.joined(["--blend", "-1,2", "--w", "-inf"]) == ["--blend=-1,2", "--w=-inf"])
  }

  @Test(
    "a setting of the wrong kind is told as it stands in the file, with the command's usage",
    arguments: [
      (#"{"iterations": 2.5}"#, 64, "--iterations 2.5: a whole number is needed"),
      (
        #"{"seed": 99999999999999999999999}"#, 64,
        "--seed 99999999999999999999999: a number of at most 64 bits is needed"
      ),
      (#"{"size": "48"}"#, 64, #"--size "48": a whole number is needed"#),
      (#"{"size": [48]}"#, 64, "--size […]: a whole number is needed"),
      (#"{"size": {"a": 1}}"#, 64, "--size {…}: a whole number is needed"),
      (#"{"pyramid": 1}"#, 64, "--pyramid 1: true or false is needed"),
      (#"{"pyramid": "yes"}"#, 64, #"--pyramid "yes": true or false is needed"#),
      (#"{"tv-weight": true}"#, 64, "--tv-weight true: a number is needed"),
      (#"{"normalization": "none"}"#, 64, "--normalization none"),
      ("{\n  \"size\": 48,\n  \"seed\" 1\n}", 65, "are not a JSON object, from line 3, column "),
      ("{\n\"size\": 48", 65, "are not a JSON object, from line 2, column 11 on"),
      ("[1]", 65, "are not a JSON object; write them as"), ("", 65, "are not a JSON object"),
    ])
  func settings(_ text: String, _ status: Int32, _ sentence: String) throws {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: folder.appending(path: "set.json"))
      let result = try Impasto.run(
        Self.arguments(["--settings", "set.json"]).filter {
          !$0.contains("terations") && $0 != "3" && $0 != "--no-pyramid" && $0 != "--size" && $0 != "48"
        }, in: folder)
      #expect(result.status == status, "\(result.errors)")
      #expect(result.errors.contains(sentence), "\(result.errors)")
      #expect(result.errors.contains("Usage: impasto transfer") == (status == 64), "\(result.errors)")
    }
  }

  @Test("the start in the style's colours may be spelt as the flags about colours are")
  func spelling() throws {
    try withTemporaryFolder { folder in
      for name in ["color", "colour"] {
        let arguments = Self.arguments(["--init", name]).map { $0 == "out.png" ? "\(name).png" : $0 }
        #expect(try Impasto.run(arguments, in: folder).status == 0)
      }
      let pictures = try ["color.png", "colour.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
      #expect(pictures[0] == pictures[1])
    }
  }
}
