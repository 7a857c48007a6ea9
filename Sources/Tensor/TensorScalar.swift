import CKernels
import COpenBLAS

/// The element types a tensor can have.
public protocol TensorScalar: BinaryFloatingPoint, Sendable {}
extension Float: TensorScalar {}
extension Double: TensorScalar {}
