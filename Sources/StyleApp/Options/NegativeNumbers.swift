/// Values that begin with a minus, such as that of `--size -5`.
enum NegativeNumbers {
  /// The arguments with each such value joined to its option, `--size=-5`.
  ///
  /// The parser takes what begins with a minus for an option and says that the value is missing, where it should be said
  /// what is wrong with it. No option and no file of ours begins with a minus and a digit.
  static func joined(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    for argument in arguments {
      if let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("="),
        argument.prefixMatch(of: /-(\.?\d|inf|nan)/) != nil
      {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined
  }
}
