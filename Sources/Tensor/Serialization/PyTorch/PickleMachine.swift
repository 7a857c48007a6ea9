/// Reads Python's pickle as data: a stack machine that knows the names that tensors need and calls nothing.
///
/// Python's own reader calls whatever a file names, so a file can run any program. This one turns each name of
/// an allow-list into an inert value. Any other name is a stranger, and so is whatever the file makes with it: it can
/// be passed over, and named, so that one object of a class that nobody knows here does not lose the tensors beside it.
/// Its memory is bounded by the bytes of the pickle and by ``operationLimit``; it does not recurse.
struct PickleMachine {
  /// The instructions of a file of 70,000 tensors; keeps the machine's tables below 256 MB for any input.
  static let operationLimit = 1 << 21

  private(set) var containers: [[PickleValue]] = []
  private(set) var texts: [String] = []
  var storages: [PickleStorage] = []
  var storageIndices: [String: Int] = [:]
  var tensors: [PickleTensor] = []
  /// The attributes that a dictionary was given, another one of ``containers``.
  var dictionaryAttributes: [Int: Int] = [:]
  /// The names that are not known, and where they first come.
  private(set) var strangers: [(name: String, position: Int)] = []
  private var strangerIndices: [String: Int] = [:]
  /// The most bytes that a storage may claim to have: no more than the file has.
  let storageLimit: Int
  /// Whether arrays of NumPy are read, whose numbers are in the pickle itself; strangers otherwise.
  let readsArrays: Bool
  /// Where the bytes objects of the pickle lie, and the types of its arrays; kept only where arrays are read.
  var bytesObjects: [Range<Int>] = []
  /// Where the texts lie that Python 2 did not tell from bytes, by their index in ``texts``; kept as the former are.
  private(set) var byteTexts: [Int: Range<Int>] = [:]
  var arrayTypes: [PickledArrayType] = []
  /// The offset of the pickle's first instruction.
  let start: Int
  /// The offset behind the pickle's last instruction.
  var end: Int { input.position }

  var input: ByteReader
  /// Where the instruction being carried out begins.
  private(set) var position = 0
  private var operationsLeft = Self.operationLimit
  private var stack: [PickleValue] = []
  /// The heights of the stack at which open MARKs lie.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// - Parameter storageLimit: The most bytes that a storage may have, where those of the storages are not in the
  ///   same bytes as the pickle.
  init(_ input: ByteReader, storageLimit: Int? = nil, readsArrays: Bool = false) {
    self.input = input
    self.readsArrays = readsArrays
    self.storageLimit = storageLimit ?? input.file.bytes.count
    start = input.position
  }

  /// Carries out the pickle up to its STOP and returns the value that it describes.
  ///
  /// - Throws: ``SerializationError`` at the first instruction that is unknown, damaged or not allowed.
  mutating func run() throws -> PickleValue {
    while true {
      try charge(1)
      position = input.position
      let code = try input.byte("the next pickle instruction")
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw input.file.unsupported(
          at: position, "the pickle opcode 0x\(String(code, radix: 16)) is not one that weights need",
          remedy: "the file is damaged, or no pickle of today; save only a state_dict")
      }
      if opcode == .stop {
        let result = try pop()
        guard stack.isEmpty, marks.isEmpty else {
          throw malformed("values are left over at the pickle's end")
        }
        return result
      }
      try execute(opcode)
    }
  }

  /// Counts work against ``operationLimit``.
  mutating func charge(_ operations: Int) throws {
    operationsLeft -= operations
    guard operationsLeft >= 0 else {
      throw input.file.unsupported(
        at: position, "the pickle takes more than \(Self.operationLimit) instructions",
        remedy:
          "where most of it is no tensors, save those in a file of their own, as a state_dict; or fewer of them"
      )
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto:
      let version = try input.byte("the pickle protocol")
      guard 2...5 ~= version else { throw malformed("pickle protocol \(version) is not one of 2 to 5") }
    case .frame: try checkFrame()
    case .stop: break

    case .none: push(.none)
    case .newTrue: push(.bool(true))
    case .newFalse: push(.bool(false))
    case .uint8: push(.integer(Int(try input.integer(UInt8.self, "an integer"))))
    case .uint16: push(.integer(Int(try input.integer(UInt16.self, "an integer"))))
    case .int32: push(.integer(Int(try input.integer(Int32.self, "an integer"))))
    case .long1: push(try longInteger(input.byte("a length")))
    case .long4: push(try longInteger(input.integer(Int32.self, "a length")))
    case .float: push(.number(Double(bitPattern: try input.integer(UInt64.self, "a number").byteSwapped)))
    case .shortUnicode: pushText(try string(input.byte("a length")))
    case .unicode: pushText(try string(input.integer(UInt32.self, "a length")))
    case .shortByteString: try pushByteText(input.byte("a length"))
    case .byteString: try pushByteText(input.integer(UInt32.self, "a length"))
    case .unicode8: pushText(try string(input.integer(UInt64.self, "a length")))
    case .shortBytes: try pushBytes(input.byte("a length"))
    case .longBytes: try pushBytes(input.integer(UInt32.self, "a length"))
    case .bytes8, .byteArray8: try pushBytes(input.integer(UInt64.self, "a length"))

    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .dup: push(try top())
    case .emptyTuple: push(.tuple(newContainer([])))
    case .tuple1: push(.tuple(newContainer(try pop(1))))
    case .tuple2: push(.tuple(newContainer(try pop(2))))
    case .tuple3: push(.tuple(newContainer(try pop(3))))
    case .tuple: push(.tuple(newContainer(try popToMark())))
    case .emptyList: push(.list(newContainer([])))
    case .append: try extendList(by: pop(1))
    case .appends: try extendList(by: popToMark())
    case .emptyDictionary: push(.dictionary(newContainer([])))
    case .setItem: try extendDictionary(by: pop(2))
    case .setItems: try extendDictionary(by: popToMark())

    case .get: push(try remembered(Int(input.byte("a memo index"))))
    case .longGet: push(try remembered(Int(input.integer(UInt32.self, "a memo index"))))
    case .put: memo[Int(try input.byte("a memo index"))] = try top()
    case .longPut: memo[Int(try input.integer(UInt32.self, "a memo index"))] = try top()
    case .memoize: memo[memo.count] = try top()

    case .emptySet: push(.set(newContainer([])))
    case .addItems: try extendSet(by: popToMark())
    case .frozenSet: push(.set(newContainer(try popToMark())))

    case .global: push(global(module: try line("a module's name"), name: try line("a name")))
    case .stackGlobal:
      let parts = try pop(2)
      push(global(module: try name(parts[0], "a module's name"), name: try name(parts[1], "a name")))
    case .persistentID: push(try persistent(pop()))
    case .reduce, .newObject:
      let parts = try pop(2)
      push(try reduce(parts[0], parts[1]))
    case .newObjectExtended:
      let parts = try pop(3)
      push(try reduce(parts[0], parts[1]))
    case .build:
      let state = try pop()
      try build(top(), state: state)
    }
  }
}

// MARK: - Stack and tables

extension PickleMachine {
  func malformed(_ cause: String) -> SerializationError { input.file.malformed(at: position, cause) }

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private func top() throws -> PickleValue {
    guard stack.count > marks.last ?? 0 else {
      throw malformed("the pickle takes a value from an empty stack")
    }
    return stack[stack.count - 1]
  }

  private mutating func pop() throws -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw malformed("the pickle takes \(count) values where the stack has fewer")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw malformed("the pickle looks for a MARK that is not there") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func remembered(_ index: Int) throws -> PickleValue {
    guard let value = memo[index] else { throw malformed("the pickle's memo has no entry \(index)") }
    return value
  }

  mutating func newContainer(_ parts: [PickleValue]) -> Int {
    containers.append(parts)
    return containers.count - 1
  }

  mutating func newText(_ text: String) -> Int {
    texts.append(text)
    return texts.count - 1
  }

  mutating func inert(_ what: String) -> PickleValue { .inert(newText(what)) }

  /// The place of a name that is not known among ``strangers``.
  mutating func stranger(_ name: String) -> Int {
    if let known = strangerIndices[name] { return known }
    strangerIndices[name] = strangers.count
    strangers.append((name, position))
    return strangers.count - 1
  }

  private mutating func pushText(_ text: String) { push(.text(newText(text))) }

  private mutating func pushBytes(_ count: some BinaryInteger) throws {
    let range = try input.skip(count, "bytes")
    guard readsArrays else { return push(inert("bytes")) }
    bytesObjects.append(range)
    push(.bytes(bytesObjects.count - 1))
  }

  /// What Python 2 calls a string, which may be bytes: a text where it is one, else Latin-1, as PyTorch and NumPy are told
  /// to take it. A long one is no name of anything.
  private mutating func pushByteText(_ count: some BinaryInteger) throws {
    guard count <= 1 << 16 else { return try pushBytes(count) }
    let range = try input.skip(count, "a string")
    let bytes = input.file.bytes[range]
    let text =
      String(validating: bytes, as: UTF8.self) ?? String(decoding: bytes.map(UInt16.init), as: UTF16.self)
    if readsArrays { byteTexts[texts.count] = range }
    pushText(text)
  }

  private mutating func extendSet(by items: [PickleValue]) throws {
    if try top().isStranger { return }
    guard case .set(let index) = try top() else { throw malformed("items are added to \(try top().kind)") }
    containers[index] += items
  }

  private mutating func extendList(by items: [PickleValue]) throws {
    if try top().isStranger { return }
    guard case .list(let index) = try top() else { throw malformed("items are added to \(try top().kind)") }
    containers[index] += items
  }

  private mutating func extendDictionary(by items: [PickleValue]) throws {
    if try top().isStranger { return }
    guard case .dictionary(let index) = try top() else {
      throw malformed("keys and values are added to \(try top().kind)")
    }
    guard items.count.isMultiple(of: 2) else { throw malformed("a dictionary's last key has no value") }
    containers[index] += items
  }
}
