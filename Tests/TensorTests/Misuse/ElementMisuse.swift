import Tensor
import TestSupport

extension Misuse {
  /// Misuses of integers, of conversions and of positions.
  static let elements = list { misuse in
    let x = Tensor<Int32>([1, .max])
    misuse("overflow", "+: of 2147483647 and 1 the result is no Int32") { _ = x + 1 }
    misuse("underflow", "-: of 1 and 2 the result is no UInt8, which holds 0 to 255") {
      _ = Tensor<UInt8>([3, 1]) - 2
    }
    misuse("negation", "-: of 0 and -9223372036854775808 the result is no Int64") {
      _ = -Tensor<Int64>([.min])
    }
    misuse("division", "/: the element 1 is divided by 0") { _ = x / 0 }
    misuse("remainder", "%: the element 2147483647 is divided by 0") { _ = x[1...] % 0 }
    misuse("sumOverflow", "sum: 1 and 2147483647 are more than Int32 holds") { _ = x.sum() }
    misuse("integerMaxEmpty", "max: the shape [0] has no elements along the axes [0]") {
      _ = Tensor<Int64>.zeros([0]).max()
    }
    misuse("nanToInteger", "the element nan is no Int32, which holds -2147483648 to 2147483647") {
      _ = Tensor<Int32>(Tensor<Float>([1, .nan]))
    }
    misuse("infinityToInteger", "the element -inf is no Int64") {
      _ = Tensor<Int64>(Tensor<Double>(-.infinity))
    }
    misuse("largeToInteger", "the element 256.0 is no UInt8, which holds 0 to 255") {
      _ = Tensor<UInt8>(Tensor<Double>(256))
    }
    misuse("narrowed", "the element -1 is no UInt8") { _ = Tensor<UInt8>(Tensor<Int64>([0, -1])) }
    misuse("integersNarrowed", "the integer 2147483648 is no Int32") {
      _ = Tensor<Int32>(integers: [1 << 31])
    }
    misuse("comparisonShapes", ".<: the shapes [2] and [3] do not broadcast") {
      _ = (x .< Tensor<Int32>([1, 2, 3]))
    }
    misuse("integerArange", "arange: from 0 to 3 by 0: the step must be above 0") {
      _ = Tensor<Int64>.arange(to: 3, by: 0)
    }
    misuse("writtenNarrow", "AnyTensor: 2147483647 at [1] is not in -32768 ... 32767, what I16 holds") {
      _ = AnyTensor(x, as: .int16)
    }
    misuse("writtenNegative", "AnyTensor: -1 at [0, 1] is not in 0 ... 4294967295, what U32 holds") {
      _ = AnyTensor(Tensor<Int64>([[0, -1]]), as: .uint32)
    }
    misuse("writtenType", "AnyTensor: BOOL is no type of integers, such as I16") {
      _ = AnyTensor(x, as: .bool)
    }
    misuse("writtenFloat8", "AnyTensor: U8 is no type of eight-bit numbers, such as F8_E4M3") {
      _ = AnyTensor(float8: Tensor<UInt8>([1]), .uint8)
    }
    misuse("toFloat8", "float8: F6_E2M3 is no type of eight-bit numbers, such as F8_E4M3") {
      _ = Tensor<Float>([1]).float8(.float6E2M3)
    }
    misuse("float8Type", "Tensor: F16 is no type of eight-bit numbers") {
      _ = Tensor<Float>(float8: Tensor<UInt8>([1]), .float16)
    }
  }
}
