/// What a file says that its numbers mean.
struct PictureColours: Equatable, Sendable {
  /// A profile, whole, or the space that numbers stand for.
  enum Meaning: Equatable, Sendable {
    case profile(ICCProfile)
    case space(RGBColourSpace)
  }

  let meaning: Meaning

  init(_ space: RGBColourSpace) { meaning = .space(space) }

  /// - Returns: `nil` where the bytes are no profile, or not one for pixels of `colours` channels: viewers pass over it.
  init?(profile bytes: [UInt8], colours: Int) {
    guard let profile = ICCProfile(bytes) else { return nil }
    // Grey pixels may have the profile of RGB, as three equal numbers; not the other way round.
    guard profile.channels == colours || (profile.channels == 3 && colours == 1) else { return nil }
    meaning = .profile(profile)
  }

  /// The bytes of a profile that says the same.
  var profile: [UInt8] {
    switch meaning {
    case .profile(let profile): profile.bytes
    case .space(let space): ICCProfile.encoded(space, name: "RGB")
    }
  }

  /// Whether a picture of red, green and blue can be in these colours.
  var isRGB: Bool {
    if case .profile(let profile) = meaning { profile.channels == 3 } else { true }
  }
}
