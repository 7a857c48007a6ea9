// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Impasto",
  // Mutex and Atomic of the standard library's Synchronization module need macOS 15.
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "NN", targets: ["NN"]),
    .library(name: "StyleTransfer", targets: ["StyleTransfer"]),
    .executable(name: "impasto", targets: ["StyleApp"]),
  ],
  // Who takes a library with `traits: []` fetches nothing else: the argument parser is the executable's alone.
  traits: [
    .trait(name: "Application", description: "The executable impasto and its argument parser."),
    .default(enabledTraits: ["Application"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS",
      pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas"])]),
    .target(name: "CKernels"),
    // zlib comes with libpng, which needs it.
    .target(
      name: "CImageCodecs",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),

    // Files, digests and limits of the operating system, for the targets above it alone.
    .target(name: "ImpastoPlatform"),

    // Lifetimes: `span` and `mutableSpan` hand out memory that a tensor owns. Who uses them needs no such setting.
    .target(
      name: "Tensor", dependencies: ["CKernels", "COpenBLAS", "ImpastoPlatform"],
      swiftSettings: [.enableExperimentalFeature("Lifetimes")]),
    .target(name: "NN", dependencies: ["ImpastoPlatform", "Tensor"]),
    .target(name: "StyleTransfer", dependencies: ["CImageCodecs", "NN", "ImpastoPlatform", "Tensor"]),
    // Templates are in the program itself, so that it runs wherever it is copied to.
    .target(name: "WebPages"),
    .target(
      name: "StyleStudy", dependencies: ["NN", "ImpastoPlatform", "StyleTransfer", "Tensor", "WebPages"],
      resources: [.embedInCode("Templates")]),
    .target(
      name: "StyleBatch", dependencies: ["NN", "ImpastoPlatform", "StyleTransfer", "Tensor", "WebPages"],
      resources: [.embedInCode("Templates")]),
    .target(
      name: "StyleStudio", dependencies: ["NN", "ImpastoPlatform", "StyleTransfer", "Tensor", "WebPages"],
      resources: [.embedInCode("Templates")]),
    .executableTarget(
      name: "StyleApp",
      dependencies: [
        "NN", "ImpastoPlatform", "StyleBatch", "StyleStudio", "StyleStudy", "StyleTransfer", "Tensor",
        .product(
          name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Application"])),
      ]),

    .executableTarget(name: "FirstGradient", dependencies: ["Tensor"], path: "Examples/01-FirstGradient"),
    .executableTarget(
      name: "CurveFit", dependencies: ["NN", "Tensor", "TerminalPlot"], path: "Examples/02-CurveFit"),
    .executableTarget(name: "Digits", dependencies: ["NN", "Tensor"], path: "Examples/03-Digits"),
    .executableTarget(
      name: "GaussianProcess", dependencies: ["NN", "Tensor", "TerminalPlot"],
      path: "Examples/04-GaussianProcess"),
    .executableTarget(
      name: "CheckedDerivative", dependencies: ["Tensor"], path: "Examples/05-CheckedDerivative"),
    .executableTarget(
      name: "Texture", dependencies: ["StyleTransfer"], path: "Examples/06-Texture"),
    .executableTarget(
      name: "CustomOperation", dependencies: ["NN", "Tensor", "TerminalPlot"],
      path: "Examples/07-CustomOperation"),
    .executableTarget(
      name: "CharacterTransformer", dependencies: ["NN", "Tensor"], path: "Examples/08-CharacterTransformer",
      resources: [.embedInCode("alice.txt")]),
    .executableTarget(
      name: "PINN", dependencies: ["NN", "Tensor", "TerminalPlot"], path: "Examples/09-PINN"),
    .target(name: "TerminalPlot", path: "Examples/TerminalPlot"),

    .target(name: "TestSupport", dependencies: ["Tensor"], path: "Tests/TestSupport"),
    .testTarget(name: "ImpastoPlatformTests", dependencies: ["ImpastoPlatform", "TestSupport"]),
    .testTarget(name: "TensorTests", dependencies: ["ImpastoPlatform", "Tensor", "TestSupport"]),
    .testTarget(name: "NNTests", dependencies: ["NN", "Tensor", "TestSupport"]),
    .testTarget(
      name: "StyleTransferTests", dependencies: ["ImpastoPlatform", "StyleTransfer", "TestSupport"]),
    .testTarget(name: "WebPagesTests", dependencies: ["TestSupport", "WebPages"]),
    .testTarget(
      name: "StyleStudyTests", dependencies: ["NN", "StyleStudy", "StyleTransfer", "TestSupport", "WebPages"]),
    .testTarget(
      name: "StyleBatchTests", dependencies: ["NN", "StyleBatch", "StyleTransfer", "TestSupport"]),
    .testTarget(
      name: "StyleStudioTests", dependencies: ["NN", "StyleStudio", "StyleTransfer", "TestSupport"]),
    .testTarget(
      name: "StyleAppTests",
      dependencies: [
        "ImpastoPlatform", "StyleApp", "StyleBatch", "StyleStudy", "StyleTransfer", "TestSupport",
      ]),
    .testTarget(name: "ExamplesTests", dependencies: ["TerminalPlot", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
