/// What is wrong with a recipe, in a sentence: a value out of range, a name that is not known, or two settings that
/// contradict each other. Settings are called by the names that they have in files, which are the flags' names.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The sentence, with the value at fault and the remedy.
  public let description: String

  /// An error with its sentence.
  public init(_ description: String) { self.description = description }
}
