/// Arithmetic on ``StridedArray``: arrays in, arrays out. No kernel knows of derivatives.
///
/// A kernel is written once, generic over the scalar, and compiled for `Float` and for `Double`, although its callers
/// are generic code in other modules that know neither. Which of the two runs is decided once per array:
///
/// - A loop in C is a slot of a table: ``Processor`` has one table for each scalar.
/// - A Swift loop that is generic in the scalar *alone* is `@specialized` for both; whoever calls it just calls it. The
///   attribute stands on the loop, outside of all closures: a closure in generic code stays generic, and looks up
///   what it calls for every element.
/// - A loop that also takes one of a few functions chooses among them inside, by an enumeration, and is a loop of the
///   kind above (``scan``, ``transfer``), or names each in the attribute: `where S == Float, P == Largest`.
/// - A loop that takes *any* function cannot be specialised so: the attribute must name all parameters, and the function
///   is not known there. Its entry is always inlined to where the function is known, and asks for the scalar
///   (``map``, ``zip``, ``reduce``).
enum Kernels {}
