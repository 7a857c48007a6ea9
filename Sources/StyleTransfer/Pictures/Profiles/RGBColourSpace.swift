/// What red, green and blue numbers mean, where curves and a matrix say it.
struct RGBColourSpace: Equatable, Sendable {
  /// From linear red, green and blue to XYZ under the light D50, in which profiles meet.
  let toXYZ: ColourMatrix
  /// Of red, green and blue.
  let curves: [ToneCurve]

  /// Where the three primaries and white lie in the CIE's diagram.
  struct Chromaticities: Equatable, Sendable {
    let red, green, blue, white: [Double]

    init(_ red: [Double], _ green: [Double], _ blue: [Double], white: [Double] = d65) {
      (self.red, self.green, self.blue, self.white) = (red, green, blue, white)
    }

    static let d65 = [0.3127, 0.3290]
    static let sRGB = Chromaticities([0.64, 0.33], [0.30, 0.60], [0.15, 0.06])

    /// From linear colours to XYZ under D50, white adapted by Bradford's method; `nil` where the points span no plane.
    var toXYZ: ColourMatrix? {
      func xyz(_ point: [Double]) -> [Double] {
        [point[0] / point[1], 1, (1 - point[0] - point[1]) / point[1]]
      }
      guard [red, green, blue, white].allSatisfy({ $0[1] > 1e-6 }) else { return nil }
      let light = xyz(white)
      let primaries = ColourMatrix(columns: [red, green, blue].map(xyz))
      guard let inverse = primaries.inverse, let back = Self.bradford.inverse else { return nil }
      let scales = inverse * light
      let (from, to) = (Self.bradford * light, Self.bradford * RGBColourSpace.d50)
      guard from.allSatisfy({ $0 > 1e-6 }) else { return nil }
      let adaptation = back * ColourMatrix(diagonal: zip(to, from).map { $0 / $1 }) * Self.bradford
      return adaptation * primaries * ColourMatrix(diagonal: scales)
    }

    private static let bradford = ColourMatrix([
      [0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296],
    ])
  }

  /// White as profiles have it.
  static let d50 = [0.9642, 1, 0.8249]

  static let sRGB = RGBColourSpace(.sRGB, curve: .sRGB)!

  init(toXYZ: ColourMatrix, curves: [ToneCurve]) {
    (self.toXYZ, self.curves) = (toXYZ, curves)
  }

  /// - Returns: `nil` where the points of the diagram make no space.
  init?(_ chromaticities: Chromaticities, curve: ToneCurve) {
    guard let toXYZ = chromaticities.toXYZ else { return nil }
    self.init(toXYZ: toXYZ, curves: [curve, curve, curve])
  }
}

// MARK: - By numbers

extension RGBColourSpace {
  /// The space that ITU-T H.273 gives two numbers to, as in PNG's cICP and AVIF's nclx; `nil` for one that is
  /// unspecified or not known.
  ///
  /// The numbers of video (1, 6, 14, 15) are meant for screens, whose light is x^2.4 (BT.1886): so Chromium has them in
  /// PNG. In the other formats it gives them sRGB's curve, which their readers have put in their place already.
  init?(primaries: Int, transfer: Int) {
    let chromaticities: Chromaticities
    let c = [0.310, 0.316]
    switch primaries {
    case 1: chromaticities = .sRGB
    case 4: chromaticities = .init([0.67, 0.33], [0.21, 0.71], [0.14, 0.08], white: c)
    case 5: chromaticities = .init([0.64, 0.33], [0.29, 0.60], [0.15, 0.06])
    case 6, 7: chromaticities = .init([0.630, 0.340], [0.310, 0.595], [0.155, 0.070])
    case 8: chromaticities = .init([0.681, 0.319], [0.243, 0.692], [0.145, 0.049], white: c)
    case 9: chromaticities = .init([0.708, 0.292], [0.170, 0.797], [0.131, 0.046])
    case 11: chromaticities = .init([0.680, 0.320], [0.265, 0.690], [0.150, 0.060], white: [0.314, 0.351])
    case 12: chromaticities = .init([0.680, 0.320], [0.265, 0.690], [0.150, 0.060])
    case 22: chromaticities = .init([0.630, 0.340], [0.295, 0.605], [0.155, 0.077])
    default: return nil
    }
    guard let curve = ToneCurve(transfer: transfer) else { return nil }
    self.init(chromaticities, curve: curve)
  }
}

extension ToneCurve {
  /// That of one of H.273's transfer functions; `nil` for one that is unspecified or not known.
  init?(transfer: Int) {
    switch transfer {
    case 1, 6, 14, 15: self = .power(2.4)
    case 4: self = .power(2.2)
    case 5: self = .power(2.8)
    case 7: self = .parametric(g: 1 / 0.45, a: 1 / 1.1115, b: 0.1115 / 1.1115, c: 1 / 4, d: 0.0912)
    case 8: self = .power(1)
    case 13: self = .sRGB
    case 16: self = .perceptualQuantizer
    case 17: self = .parametric(g: 2.6, a: 1.034080)  // (52.37 / 48)^(1 / 2.6)
    case 18: self = .hybridLogGamma
    default: return nil
    }
  }
}
