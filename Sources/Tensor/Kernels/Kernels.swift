/// Arithmetic on ``StridedArray``: arrays in, arrays out. No kernel knows of derivatives.
///
/// A kernel is written once, generic over the scalar, as a *loop* (`…Loop`), and entered through a thin
/// function that picks the scalar once per array:
///
/// ```swift
/// if Scalar.self == Float.self { … loop(x.assuming(Float.self)) … } else { … loop(x.assuming(Double.self)) … }
/// ```
///
/// The loop is then compiled for `Float` and for `Double` with its function inlined, although the caller is
/// generic code in another module that knows neither.
enum Kernels {}
