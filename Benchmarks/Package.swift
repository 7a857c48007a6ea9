// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Impasto", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .executableTarget(
      name: "impasto-bench",
      dependencies: [
        .product(name: "NN", package: "Impasto"),
        .product(name: "StyleTransfer", package: "Impasto"),
        .product(name: "Tensor", package: "Impasto"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/ImpastoBench")
  ],
  swiftLanguageModes: [.v6]
)
