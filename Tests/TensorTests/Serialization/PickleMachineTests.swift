import Testing

@testable import Tensor

@Suite("PickleMachine")
struct PickleMachineTests {
  private typealias P = PickleWriter

  @Test(
    "a pickle that is damaged or does more than describe tensors is refused with the reason",
    arguments: [
      (P.integer(1) + P.text("system") + [0x93], "a module's name is an integer"),
      ([0x69], "the pickle opcode 0x69"),
      ([0x52], "takes 2 values where the stack has fewer"),
      ([0x30], "takes a value from an empty stack"),
      ([0x28, 0x30], "takes a value from an empty stack"),
      ([0x4e, 0x28, 0x85], "takes 1 values where the stack has fewer"),
      ([0x74], "looks for a MARK that is not there"),
      ([0x68, 9], "the pickle's memo has no entry 9"),
      ([0x71, 0], "takes a value from an empty stack"),
      ([0x80, 1], "pickle protocol 1 is not one of 2 to 5"),
      ([0x80, 6], "pickle protocol 6"),
      ([0x95] + P.little(UInt64.max), "a frame of 18446744073709551615 bytes"),
      ([0x58] + P.little(UInt32.max), "a string needs 4294967295 bytes"),
      ([0x8d] + P.little(UInt64.max), "a string needs 18446744073709551615 bytes"),
      ([0x58, 1, 0, 0, 0, 0xff], "a string is not valid UTF-8"),
      ([0x8a, 255], "an integer needs 255 bytes where"),
      ([0x8b, 0xff, 0xff, 0xff, 0xff], "an integer needs -1 bytes where"),
      ([0x43, 255], "bytes needs 255 bytes where"),
      ([0x8e] + P.little(UInt64.max), "bytes needs 18446744073709551615 bytes"),
      ([0x58, 3, 0, 0, 0, 0xed, 0x9f, 0xff], "a string is not valid UTF-8"),
      ([0x8f, 0x90], "looks for a MARK that is not there"),
      ([0x5d, 0x28, 0x4e, 0x90], "items are added to a list"),
      ([0x4e, 0x4e], "values are left over"),
      ([0x4e, 0x61], "takes a value from an empty stack"),
      ([0x4e, 0x4e, 0x61], "items are added to None"),
      ([0x4e, 0x4e, 0x4e, 0x73], "keys and values are added to None"),
      ([0x7d, 0x28, 0x4e, 0x75], "a dictionary's last key has no value"),
      ([0x5d, 0x4e, 0x62], "BUILD on a list"),
      (P.call(P.text("x"), []), "the pickle calls a string"),
      (P.global("collections", "OrderedDict") + P.none + [0x52], "the arguments of a call are None"),
      (P.call(P.global("collections", "OrderedDict"), [P.none]), "an OrderedDict made of None"),
      (P.call(P.global("torch", "FloatStorage"), []), "a call with 0 arguments"),
      (
        P.call(P.global("torch._utils", "_rebuild_parameter"), [P.none, P.none, P.none]),
        "a parameter made of None"
      ),
      (P.none + [0x51], "a persistent id are None"),
      (P.tuple([P.text("module"), P.none, P.none, P.none, P.none]) + [0x51], "not that of a storage"),
      (P.storage("FloatStorage", "k", -1), "a storage is larger than the file"),
      (P.storage("FloatStorage", "k", 1 << 40), "a storage is larger than the file"),
      (P.storage("FloatStorage", "k", 6, view: P.tuple([])), "a view of another"),
      (
        P.storage("FloatStorage", "k", 6, view: P.tuple([P.text("v"), P.integer(2), P.integer(5)])),
        "a view of another storage leaves it"
      ),
      (
        P.call(P.global("torch._tensor", "_rebuild_from_type_v2"), [P.none]),
        "a call with 1 arguments"
      ),
      (
        P.list([P.storage("FloatStorage", "k", 6), P.storage("FloatStorage", "k", 5)]),
        "described in two ways"
      ),
      (
        P.list([P.storage("FloatStorage", "k", 6), P.storage("LongStorage", "k", 6)]), "described in two ways"
      ),
    ] as [([UInt8], String)])
  func refused(object: [UInt8], reason: String) {
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: P.stream(object)) }
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.offset != nil)
  }

  @Test(
    "an object that is nothing but a name is refused by it",
    arguments: [
      (P.global("os", "system"), "the name \"os.system\" is not one that weights need"),
      (P.global("builtins", "eval"), "\"builtins.eval\""),
      (P.text("os") + P.text("system") + [0x93], "\"os.system\""),
      (P.call(P.global("os", "system"), [P.text("false")]), "\"os.system\""),
      (P.list([P.global("os", "system")]), "\"os.system\""),
      (P.global("torch", "FloatTensor"), "is a name of PyTorch's, and no tensor"),
    ] as [([UInt8], String)])
  func names(object: [UInt8], reason: String) {
    let error = SerializationFixtures.error {
      _ = try PyTorchFile(bytes: P.stream(object, keys: P.list([]), storages: []))
    }
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.offset != nil)
  }

  @Test(
    "a view that leaves its storage, cannot be counted or repeats too much is refused",
    arguments: [
      (0, [7], [1], "element 6 of a storage that has 6"),
      (5, [2], [1], "element 6 of"),
      (6, [], [], "element 6 of"),
      (0, [2, 3], [4, 1], "element 6 of"),
      (-1, [1], [1], "negative"),
      (0, [-1], [1], "negative"),
      (0, [2], [-1], "negative"),
      (0, [2], [], "1 lengths but 0 strides"),
      (0, [Int.max, Int.max], [0, 0], "more elements than can be counted"),
      (0, [3], [Int.max], "more elements than can be counted"),
      (Int.max, [2], [1], "more elements than can be counted"),
      (0, [Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65), "are 65, more than 64"),
    ] as [(Int, [Int], [Int], String)])
  func views(offset: Int, shape: [Int], strides: [Int], reason: String) {
    let object = P.tensor(P.storage("FloatStorage", "k", 6), offset, shape, strides)
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: P.stream(object)) }
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("repeated elements are shown up to the limit")
  func repeatedElements() throws {
    let object = P.tensor(P.storage("FloatStorage", "k", 6), 4, [1 << 10, 1 << 9, 2], [0, 0, 1])
    let tensor = try PyTorchFile(bytes: P.stream(object)).tensor("tensor", as: Float.self)
    #expect(tensor.count == StoredTensor.repeatingElementLimit)
    #expect(tensor.scalars.prefix(5) == [4, 5, 4, 5, 4])
  }

  @Test("more repeated elements are refused where they are asked for, and the tensors beside them read")
  func tooManyRepeatedElements() throws {
    let count = StoredTensor.repeatingElementLimit + 1
    let (storage, small) = (P.storage("FloatStorage", "k", 6), [2, 3])
    let object = P.dictionary([
      (P.text("large"), P.tensor(storage, 0, [count], [0])),
      (P.text("small"), P.tensor(storage, 0, small, [3, 1])),
    ])
    let file = try PyTorchFile(bytes: P.stream(object))
    #expect(file.names.sorted() == ["large", "small"])
    #expect(try file.tensor("small", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
    let error = SerializationFixtures.error { _ = try file.tensor("large", as: Float.self) }
    #expect(error?.cause.contains("\(count) elements that repeat the 6 of its storage") == true)
    #expect(error?.remedy?.contains("contiguous") == true)
  }

  @Test("what Python 2 wrote reads: strings of bytes, and an OrderedDict made of a list of pairs")
  func python2() throws {
    let storage = P.storage("FloatStorage", "k", 6, text: P.byteString)
    let pairs = P.list([P.list([P.byteString("w"), P.tensor(storage, 0, [2, 3], [3, 1])])])
    let object = P.call(P.global("collections", "OrderedDict"), [pairs])
    let file = try PyTorchFile(bytes: P.stream(object, keys: P.list([P.byteString("k")])))
    #expect(try file.tensor("w", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
  }

  @Test(
    "a legacy stream whose parts disagree is refused",
    arguments: [
      (P.stream(P.sound, version: 1002), "not of version 1001"),
      (P.stream(P.sound, keys: P.none), "not a list"),
      (P.stream(P.sound, keys: P.list([P.text("j")])), "belongs to no tensor, or comes twice"),
      (P.stream(P.sound, keys: P.list([P.text("k"), P.text("k")])), "belongs to no tensor, or comes twice"),
      (P.stream(P.sound, keys: P.list([]), storages: []), "is missing"),
      (P.stream(P.sound, storages: P.little(5)), "has 5 elements, its tensors say 6"),
      (P.stream(P.sound, storages: P.little(6) + [0, 0, 0]), "needs 24 bytes where 3 are left"),
      (P.stream(P.sound) + [0], "1 bytes follow the last storage"),
      (
        P.stream(P.dictionary([(P.text("a"), P.sound), (P.text("a"), P.sound)])),
        "two tensors are called \"a\""
      ),
    ] as [([UInt8], String)])
  func legacyStream(bytes: [UInt8], reason: String) {
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: bytes) }
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("the numbers of a legacy stream are little-endian, whatever machine wrote them, as PyTorch has it")
  func legacyByteOrder() throws {
    let file = try PyTorchFile(bytes: P.stream(P.sound, littleEndian: false))
    #expect(try file.tensor("tensor", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
  }

  @Test("a storage that is a part of another, as before PyTorch 0.4, is that part")
  func storageViews() throws {
    let part = P.storage("FloatStorage", "k", 6, view: P.tuple([P.text("v"), P.integer(2), P.integer(4)]))
    let object = P.tuple([P.tensor(part, 1, [3], [1]), P.sound])
    let file = try PyTorchFile(bytes: P.stream(object))
    #expect(try file.tensor("0", as: Float.self).scalars == [3, 4, 5])
    #expect(try file.tensor("1", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
  }

  @Test("a tensor of the oldest files, made empty and filled afterwards, reads")
  func oldestTensors() throws {
    let state = P.tuple([
      P.storage("FloatStorage", "k", 6), P.integer(1), P.tuple([P.integer(2)]), P.tuple([P.integer(1)]),
    ])
    let object = P.call(P.global("torch", "FloatTensor"), []) + state + [0x62]
    #expect(try PyTorchFile(bytes: P.stream(object)).tensor("tensor", as: Float.self).scalars == [1, 2])
  }

  @Test(
    "whatever is made with a name that is not known is passed over, and named",
    arguments: [
      P.global("os", "system"),
      P.call(P.global("os", "system"), [P.text("false")]),
      P.global("os", "system") + P.tuple([]) + [0x81],
      P.global("os", "system") + P.tuple([]) + P.dictionary([]) + [0x92],
      P.call(P.global("os", "system"), []) + P.dictionary([(P.text("a"), P.none)]) + [0x62],
      P.call(P.global("os", "system"), []) + [0x28, 0x4e, 0x4e, 0x75],
      P.call(P.global("os", "system"), []) + [0x28, 0x4e, 0x65],
      P.call(P.global("os", "system"), []) + [0x4e, 0x61],
      P.call(P.global("os", "system"), []) + [0x28, 0x4e, 0x90],
      P.call(P.call(P.global("os", "system"), []), [P.none]),
      P.call(P.global("torch._utils", "_rebuild_parameter"), [P.global("os", "system"), P.none, P.none]),
      P.tuple([P.text("module"), P.global("os", "system"), P.text("a.py"), P.text("import os")]) + [0x51],
    ] as [[UInt8]])
  func strangers(value: [UInt8]) throws {
    let object = P.dictionary([(P.text("x"), value), (P.text("w"), P.sound)])
    let file = try PyTorchFile(bytes: P.stream(object))
    #expect(file.names == ["w"])
    #expect(file.otherContents == ["x": "an object of the class os.system"])
    #expect(try file.tensor("w", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
    let error = SerializationFixtures.error { _ = try file.tensor("x", as: Float.self) }
    #expect(error?.cause == "\"x\" is no tensor but an object of the class os.system")
  }

  @Test(
    "a tensor made of what is not known, or marked as what is not known, is listed and refused",
    arguments: [
      (
        P.call(P.global("torch._utils", "_rebuild_tensor"), [P.global("a", "b"), P.none, P.none, P.none]),
        "a.b"
      ),
      (
        P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1], flags: [("neg", 0x88), ("odd", 0x88)]),
        "\"odd\""
      ),
      (P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1], flags: [("neg", 0x4e)]), "a string"),
      (P.tensor(P.storage("QInt8Storage", "k", 6), 0, [2], [1]), "torch.qint8"),
    ] as [([UInt8], String)])
  func unreadTensors(tensor: [UInt8], reason: String) throws {
    let size = 6 * (reason == "torch.qint8" ? 1 : 4)
    let file = try PyTorchFile(
      bytes: P.stream(
        P.dictionary([(P.text("x"), tensor)]), keys: reason == "a.b" ? P.list([]) : P.list([P.text("k")]),
        storages: reason == "a.b" ? [] : P.little(6) + [UInt8](repeating: 0, count: size)))
    #expect(file.names == ["x"])
    let error = SerializationFixtures.error { _ = try file.tensor("x", as: Float.self) }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("flags that are not set change nothing")
  func unsetFlags() throws {
    let object = P.tensor(
      P.storage("FloatStorage", "k", 6), 0, [2], [1], flags: [("neg", 0x89), ("odd", 0x89)])
    #expect(try PyTorchFile(bytes: P.stream(object)).tensor("tensor", as: Float.self).scalars == [0, 1])
  }

  @Test(
    "integers of any length are keys in decimal digits",
    arguments: [
      ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], "18446744073709551615"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0xff], "-18446744073709551616"),
      ([1, 0, 0, 0, 0, 0, 0, 0, 0x80], "-2361183241434822606847"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "4722366482869645213696"),
      ([0, 0, 0, 0, 0, 0, 0, 0x80], "-9223372036854775808"),
      ([], "0"),
    ] as [([UInt8], String)])
  func largeIntegers(bytes: [UInt8], digits: String) throws {
    let key: [UInt8] = [0x8a, UInt8(bytes.count)] + bytes
    #expect(try PyTorchFile(bytes: P.stream(P.dictionary([(key, P.sound)]))).names == [digits])
  }

  @Test("an error says where: the offset of the instruction")
  func offset() {
    let stream = P.stream([0x69])
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: stream, name: "w.pth") }
    #expect(error?.offset.map { stream[$0] } == 0x69)
    #expect(error?.description.hasPrefix("w.pth: byte \(error?.offset ?? -1): the pickle opcode") == true)
  }
}

@Suite("PickleMachine against hostile files")
struct HostilePickleTests {
  private typealias P = PickleWriter

  @Test("lists nested 500,000 deep are refused without recursion")
  func deepNesting() {
    let depth = 500_000
    let object = [UInt8](repeating: 0x5d, count: depth) + [UInt8](repeating: 0x61, count: depth - 1)
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: Self.stream(object)) }
    #expect(error?.cause.contains("nested too deeply") == true)
  }

  @Test("a container that contains itself, as a part, deeper or as an attribute, is gone into once")
  func cycles() throws {
    let put: [UInt8] = [0x71, 0]
    let get: [UInt8] = [0x68, 0]
    let tensor = P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1])
    let items = { (parts: [[UInt8]]) in [0x28] + parts.joined() + [0x75] }

    let list = [0x5d] + put + [0x28] + get + tensor + [0x65]
    #expect(try PyTorchFile(bytes: P.stream(list)).names == ["1"])

    let inner = P.dictionary([(P.text("outer"), P.list([get, tensor])), (P.text("v"), tensor)])
    let dictionary = [0x7d] + put + items([P.text("inner"), inner, P.text("self"), get, P.text("w"), tensor])
    #expect(try PyTorchFile(bytes: P.stream(dictionary)).names == ["inner.outer.1", "inner.v", "w"])

    let ordered = P.call(P.global("collections", "OrderedDict"), []) + put + items([P.text("w"), tensor])
    let owned = ordered + P.dictionary([(P.text("owner"), get), (P.text("scale"), tensor)]) + [0x62]
    #expect(try PyTorchFile(bytes: P.stream(owned)).names == ["w", "scale"])

    // Its attributes are the dictionary around it.
    let around =
      [0x7d] + put
      + items([P.text("d"), ordered.replacing(put, with: []) + get + [0x62], P.text("v"), tensor])
    #expect(try PyTorchFile(bytes: P.stream(around)).names == ["d.w", "v"])
  }

  @Test("keys with bytes that are no text are told apart, and shown as Python shows them")
  func halfCharacters() throws {
    let tensor = P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1])
    // U+DCE9 and U+DCEA, and U+D7FF, which is a character.
    let keys: [[UInt8]] = [[0xed, 0xb3, 0xa9], [0xed, 0xb3, 0xaa], [0xed, 0x9f, 0xbf]].map {
      [0x58] + P.little(UInt32(5)) + Array("é".utf8) + $0
    }
    let file = try PyTorchFile(bytes: P.stream(P.dictionary(keys.map { ($0, tensor) })))
    #expect(file.names == [#"é\udce9"#, #"é\udcea"#, "é\u{d7ff}"])
  }

  @Test("a list without tensors may stand in any number of places")
  func repeatedLists() throws {
    // An empty list, 30 levels of lists, each twice in the next one, and a tensor behind them.
    let tensor = P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1])
    let file = try PyTorchFile(bytes: P.stream(P.tuple([Self.doubled([0x5d]), tensor])))
    #expect(file.names == ["31"])
  }

  @Test("lists that repeat a tensor to a thousand million places are refused before they are counted out")
  func billionLaughs() {
    let tensor = P.tensor(P.storage("FloatStorage", "k", 6), 0, [2], [1])
    let object = P.tuple([Self.doubled(tensor)])
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: P.stream(object)) }
    #expect(error?.cause.contains("in more places than can be listed") == true)
  }

  /// An object, and 30 lists that have what is before them twice.
  private static func doubled(_ first: [UInt8]) -> [UInt8] {
    var object = first + [0x71, 100]
    for level in UInt8(101)...130 {
      object += [0x5d, 0x28, 0x68, level - 1, 0x68, level - 1, 0x65, 0x71, level]
    }
    return object
  }

  @Test("more instructions than the limit are refused, also where one copies much at a time")
  func work() {
    let pairs = [UInt8](repeating: 0x4e, count: PickleMachine.operationLimit + 1)
    #expect(Self.cause([0x28] + pairs + [0x74]).contains("takes more than"))
    let calls =
      P.global("os", "system") + [0x71, 0]
      + (0..<2000).flatMap { _ in [0x68, 0, 0x29, 0x52, 0x30] as [UInt8] }
    #expect(Self.cause(calls).contains("os.system"))
    let pair = P.tuple([P.none, P.none]) + [0x71, 0]
    let list =
      [0x5d, 0x28] + pair + [UInt8]((0..<20_000).flatMap { _ in [0x68, 0] as [UInt8] }) + [0x65, 0x71, 1]
    let call = P.global("collections", "OrderedDict") + [0x68, 1, 0x85, 0x52, 0x30]
    #expect(Self.cause(list + (0..<200).flatMap { _ in call }).contains("takes more than"))
    // So are sets, to which nothing is added.
    let set = P.global("builtins", "set") + [0x68, 1, 0x85, 0x52, 0x28, 0x90, 0x30]
    #expect(Self.cause(list + (0..<200).flatMap { _ in set }).contains("takes more than"))
  }

  /// A stream of an object without tensors.
  private static func stream(_ object: [UInt8]) -> [UInt8] {
    P.stream(object, keys: P.list([]), storages: [])
  }

  private static func cause(_ object: [UInt8]) -> String {
    SerializationFixtures.error { _ = try PyTorchFile(bytes: Self.stream(object)) }?.cause ?? "no error"
  }
}
