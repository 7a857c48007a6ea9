/// Pickles and legacy PyTorch streams made by hand, for what `torch.save` would never write.
enum PickleWriter {
  static let stop: [UInt8] = [0x2e]
  static let none: [UInt8] = [0x4e]
  static let sound: [UInt8] = tensor(storage("FloatStorage", "k", 6), 0, [2, 3], [3, 1])

  static func text(_ text: String) -> [UInt8] { [0x58] + little(UInt32(text.utf8.count)) + text.utf8 }

  /// A string as Python 2 wrote it.
  static func byteString(_ text: String) -> [UInt8] { [0x55, UInt8(text.utf8.count)] + text.utf8 }

  static func integer(_ number: Int) -> [UInt8] { [0x8a, 8] + little(number) }

  static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + "\(module)\n\(name)\n".utf8 }

  static func tuple(_ parts: [[UInt8]]) -> [UInt8] { [0x28] + parts.flatMap { $0 } + [0x74] }

  static func list(_ parts: [[UInt8]]) -> [UInt8] { [0x5d, 0x28] + parts.flatMap { $0 } + [0x65] }

  static func dictionary(_ items: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
    [0x7d, 0x28] + items.flatMap { $0.key + $0.value } + [0x75]
  }

  static func call(_ callable: [UInt8], _ arguments: [[UInt8]]) -> [UInt8] {
    callable + tuple(arguments) + [0x52]
  }

  static func storage(
    _ type: String, _ key: String, _ count: Int, view: [UInt8] = none, text: (String) -> [UInt8] = text
  ) -> [UInt8] {
    tuple([text("storage"), global("torch", type), text(key), text("cpu"), integer(count), view]) + [0x51]
  }

  static func tensor(
    _ storage: [UInt8], _ offset: Int, _ shape: [Int], _ strides: [Int], flags: [(String, UInt8)] = []
  ) -> [UInt8] {
    call(
      global("torch._utils", "_rebuild_tensor_v2"),
      [
        storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89],
        call(global("collections", "OrderedDict"), []),
      ] + (flags.isEmpty ? [] : [dictionary(flags.map { (text($0), [$1]) })]))
  }

  /// A legacy stream of the object, with one storage "k" of the floats 0, 1, 2, 3, 4, 5 unless told otherwise.
  static func stream(
    _ object: [UInt8], keys: [UInt8] = list([text("k")]), littleEndian: Bool = true, version: Int = 1001,
    storages: [UInt8] = little(6) + (0..<6).flatMap { little(Float($0).bitPattern) }
  ) -> [UInt8] {
    let start: [UInt8] = [0x80, 2]
    let magic: [UInt8] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    let facts = dictionary([(text("little_endian"), [littleEndian ? 0x88 : 0x89])])
    return [magic, integer(version), facts, object, keys].flatMap { start + $0 + stop } + storages
  }

  static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}
