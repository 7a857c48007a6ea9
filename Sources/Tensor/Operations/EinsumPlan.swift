/// How an equation is computed for operands of given shapes: a list of steps, worked out once.
struct EinsumPlan: Sendable {
  /// An operation on the list of tensors that are left.
  enum Step: Sendable {
    /// Drops axes of length 1 of tensor `index`.
    case squeeze(_ index: Int, axes: [Int])
    /// Brings two axes of tensor `index` to the end and takes the diagonal there.
    case diagonal(_ index: Int, order: [Int])
    /// Sums tensor `index` over axes.
    case sum(_ index: Int, axes: [Int])
    /// Puts the axes of tensor `index` in another order.
    case transpose(_ index: Int, order: [Int])
    /// Takes two tensors out and puts their product last.
    case multiply(_ left: Int, _ right: Int, Product)
  }

  /// The product of two tensors, summed over axes that no other tensor and not the result has.
  struct Product: Sendable {
    enum Kind: Sendable {
      /// By matrices, `[batch…, M, K] × [batch…, K, N]`.
      case matrices
      /// Element by element, summed over as many of the last axes.
      case elements(summed: Int)
    }

    let kind: Kind
    /// The order of the axes; `nil` where it stays.
    let leftOrder: [Int]?, rightOrder: [Int]?
    let leftShape: Shape, rightShape: Shape
    let resultShape: Shape
  }

  private(set) var steps: [Step] = []

  private typealias Label = EinsumAxes.Label
  private var terms: [[Label]]
  private let output: [Label]
  private let lengths: [Label: Int]

  init(_ axes: EinsumAxes, _ shapes: [Shape]) {
    (terms, output, lengths) = (axes.operands, axes.output, axes.lengths)
    for index in terms.indices { prepare(index, shapes[index]) }
    for index in terms.indices { sumOut(index) }
    while terms.count > 1 { multiplyCheapest() }
    let order = output.map { terms[0].firstIndex(of: $0)! }
    if order != Array(order.indices) { steps.append(.transpose(0, order: order)) }
  }

  /// Leaves an operand with one axis for each of its labels, all of full length.
  private mutating func prepare(_ index: Int, _ shape: Shape) {
    let stretched = shape.indices.filter { shape[$0] != lengths[terms[index][$0]]! }
    if !stretched.isEmpty {
      steps.append(.squeeze(index, axes: stretched))
      terms[index] = shape.indices.filter { !stretched.contains($0) }.map { terms[index][$0] }
    }
    while let (first, second) = repetition(terms[index]) {
      let others = terms[index].indices.filter { $0 != first && $0 != second }
      steps.append(.diagonal(index, order: others + [first, second]))
      terms[index] = others.map { terms[index][$0] } + [terms[index][first]]
    }
  }

  private func repetition(_ labels: [Label]) -> (Int, Int)? {
    for (second, label) in labels.enumerated() {
      if let first = labels[..<second].firstIndex(of: label) { return (first, second) }
    }
    return nil
  }

  /// Whether the result or a term beside `indices` needs the axis.
  private func isNeeded(_ label: Label, beside indices: [Int]) -> Bool {
    output.contains(label)
      || terms.indices.contains { !indices.contains($0) && terms[$0].contains(label) }
  }

  /// Sums over the axes that nothing else has.
  private mutating func sumOut(_ index: Int) {
    let axes = terms[index].indices.filter { !isNeeded(terms[index][$0], beside: [index]) }
    if axes.isEmpty { return }
    steps.append(.sum(index, axes: axes))
    terms[index] = terms[index].indices.filter { !axes.contains($0) }.map { terms[index][$0] }
  }

  private func size(_ labels: some Sequence<Label>) -> Double {
    labels.reduce(1) { $0 * Double(lengths[$1]!) }
  }

  /// Multiplies the two terms that take the fewest multiplications; of equals, those of the smallest product.
  private mutating func multiplyCheapest() {
    var best = (left: 0, right: 1, cost: Double.infinity, size: Double.infinity)
    for right in terms.indices {
      for left in 0..<right {
        let union = Set(terms[left]).union(terms[right])
        let cost = size(union)
        let result = size(union.filter { isNeeded($0, beside: [left, right]) })
        if (cost, result) < (best.cost, best.size) { best = (left, right, cost, result) }
      }
    }
    multiply(best.left, best.right)
  }

  private mutating func multiply(_ leftIndex: Int, _ rightIndex: Int) {
    let (left, right) = (terms[leftIndex], terms[rightIndex])
    let shared = left.filter(right.contains)
    let batch = shared.filter { isNeeded($0, beside: [leftIndex, rightIndex]) }
    // In the order of the larger one, which is then the likelier to be taken where it lies.
    let larger = size(left) >= size(right) ? left : right
    let contracted = larger.filter { shared.contains($0) && !batch.contains($0) }
    let rows = left.filter { !right.contains($0) }
    let columns = right.filter { !left.contains($0) }
    func lengths(_ labels: [Label]) -> Shape { labels.map { self.lengths[$0]! } }
    func order(_ labels: [Label], in term: [Label]) -> [Int]? {
      labels == term ? nil : labels.map { term.firstIndex(of: $0)! }
    }
    let (m, k, n) = (lengths(rows), lengths(contracted), lengths(columns))
    let b = lengths(batch)
    let result = batch + rows + columns
    let isMatrixProduct = !contracted.isEmpty && (batch.isEmpty || m.elementCount > 1 || n.elementCount > 1)
    let product =
      isMatrixProduct
      ? Product(
        kind: .matrices, leftOrder: order(batch + rows + contracted, in: left),
        rightOrder: order(batch + contracted + columns, in: right),
        leftShape: b + [m.elementCount, k.elementCount], rightShape: b + [k.elementCount, n.elementCount],
        resultShape: lengths(result))
      : Product(
        kind: .elements(summed: contracted.count), leftOrder: order(batch + rows + contracted, in: left),
        rightOrder: order(batch + columns + contracted, in: right),
        leftShape: b + m + columns.map { _ in 1 } + k, rightShape: b + rows.map { _ in 1 } + n + k,
        resultShape: lengths(result))
    steps.append(.multiply(leftIndex, rightIndex, product))
    // The later one first, so that the other keeps its place.
    terms.remove(at: rightIndex)
    terms.remove(at: leftIndex)
    terms.append(result)
  }
}

/// The plans of equations that were met, by the shapes of their operands.
final class EinsumPlanCache: Sendable {
  static let shared = EinsumPlanCache()

  private struct Key: Hashable {
    let equation: String
    let shapes: [Shape]
  }

  /// More than a program has equations, unless it makes them up as it goes.
  private static let capacity = 512
  private let plans = Guarded<[Key: EinsumPlan]>([:])

  var count: Int { plans.withLock(\.count) }

  func plan(_ equation: String, _ shapes: [Shape]) -> EinsumPlan {
    let key = Key(equation: equation, shapes: shapes)
    if let plan = plans.withLock({ $0[key] }) { return plan }
    let plan = EinsumPlan(EinsumAxes(EinsumEquation(equation), shapes), shapes)
    plans.withLock { plans in
      if plans.count >= Self.capacity { plans.removeAll() }
      plans[key] = plan
    }
    return plan
  }
}
