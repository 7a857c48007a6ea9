import Tensor

extension Loss {
  /// The cross-entropy of classes, from logits: −log softmax(z)ₖ for the class k of each example.
  ///
  /// ```swift
  /// Loss.crossEntropy(model(x), classes: Tensor<Int64>([3, 1, 4]))  // logits [3, 10]
  /// ```
  ///
  /// With label smoothing s the target has s / C for each of the C classes, and 1 − s more for k.
  /// d/dz = softmax(z) − target.
  ///
  /// - Parameters:
  ///   - logits: z; any axes beside that of the classes are examples.
  ///   - classes: k, integers of any type, of the shape of the logits without `axis`.
  ///   - axis: The axis of the classes; negative ones count from the back. PyTorch has it second: `axis: 1`.
  ///   - labelSmoothing: s, in 0 ... 1.
  ///   - ignored: A class that marks examples which do not count, such as the padding of sequences.
  ///   - reduction: The mean is that of the examples that count; `.none` gives the shape of the classes.
  /// - Precondition: The shapes agree, and all classes are in 0 ..< C or `ignored`.
  public static func crossEntropy<Scalar: TensorScalar, Label: TensorInteger>(
    _ logits: Tensor<Scalar>, classes: Tensor<Label>, axis: Int = -1, labelSmoothing: Scalar = 0,
    ignoring ignored: Int? = nil, reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    let logProbabilities = logits.logSoftmax(axis: axis)
    let target = ClassTarget("crossEntropy", classes, logits.shape, axis, ignoring: ignored)
    let losses = target.negativeLogLikelihoods(logProbabilities)
    requireSmoothing(labelSmoothing)
    if labelSmoothing == 0 { return target.reduced(losses, by: reduction) }
    let even = -logProbabilities.mean(axes: [axis])
    return target.reduced((1 - labelSmoothing) * losses + labelSmoothing * even, by: reduction)
  }

  /// The cross-entropy of distributions over the classes, from logits: −Σₖ tₖ log softmax(z)ₖ for each example.
  ///
  /// Where tₖ is 0 the term is 0, also for a logit of −∞, which makes a class impossible.
  ///
  /// - Parameters:
  ///   - logits: z; any axes beside that of the classes are examples.
  ///   - distributions: t, of the shape of the logits.
  ///   - axis: The axis of the classes; negative ones count from the back.
  ///   - labelSmoothing: s, in 0 ... 1: the target becomes (1 − s)·t + s / C.
  ///   - reduction: The mean is that of the examples.
  /// - Precondition: The shapes are equal.
  public static func crossEntropy<Scalar: TensorScalar>(
    _ logits: Tensor<Scalar>, distributions: Tensor<Scalar>, axis: Int = -1, labelSmoothing: Scalar = 0,
    reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("crossEntropy", logits, distributions)
    requireSmoothing(labelSmoothing)
    let logProbabilities = logits.logSoftmax(axis: axis)
    let losses = -(distributions * possible(logProbabilities, distributions)).sum(axes: [axis])
    if labelSmoothing == 0 { return losses.reduced(by: reduction) }
    let even = -logProbabilities.mean(axes: [axis])
    return ((1 - labelSmoothing) * losses + labelSmoothing * even).reduced(by: reduction)
  }

  /// The negative log-likelihood of classes: −log pₖ for the class k of each example.
  ///
  /// - Parameters:
  ///   - logProbabilities: log p, as `logSoftmax` gives it; any axes beside that of the classes are examples.
  ///   - classes: k, integers of any type, of the shape of the probabilities without `axis`.
  ///   - axis: The axis of the classes; negative ones count from the back.
  ///   - ignored: A class that marks examples which do not count.
  ///   - reduction: The mean is that of the examples that count; `.none` gives the shape of the classes.
  /// - Precondition: The shapes agree, and all classes are in 0 ..< C or `ignored`.
  public static func negativeLogLikelihood<Scalar: TensorScalar, Label: TensorInteger>(
    _ logProbabilities: Tensor<Scalar>, classes: Tensor<Label>, axis: Int = -1, ignoring ignored: Int? = nil,
    reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    let target = ClassTarget(
      "negativeLogLikelihood", classes, logProbabilities.shape, axis, ignoring: ignored)
    return target.reduced(target.negativeLogLikelihoods(logProbabilities), by: reduction)
  }

  /// The cross-entropy of independent truths, from logits: −w·t·log σ(z) − (1 − t)·log(1 − σ(z)) of every element.
  ///
  /// It stays exact where σ(z) rounds to 0 or 1, and is 0 where an infinite logit is right. d/dz = σ(z) − t for w = 1.
  ///
  /// - Parameters:
  ///   - logits: z.
  ///   - targets: t, of the same shape: 1 for true, 0 for false, or a probability between.
  ///   - positiveWeight: w: how much more a truth counts, where truths are rare.
  ///   - reduction: What becomes of the losses of single elements.
  /// - Precondition: The shapes are equal, and all targets are in 0 ... 1.
  public static func binaryCrossEntropy<Scalar: TensorScalar>(
    _ logits: Tensor<Scalar>, targets: Tensor<Scalar>, positiveWeight: Scalar = 1,
    reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("binaryCrossEntropy", logits, targets)
    requireProbabilities("binaryCrossEntropy", targets.ofAllExamples)
    // −log σ(z) = softplus(−z) and −log(1 − σ(z)) = softplus(z).
    let negatives = 1 - targets
    let positive = positiveWeight * targets * -possible(-(-logits).softplus(), targets)
    return (positive + negatives * -possible(-logits.softplus(), negatives)).reduced(by: reduction)
  }

  /// The Kullback–Leibler divergence of a distribution from its prediction: Σₖ tₖ (log tₖ − log pₖ) for each example.
  ///
  /// Where tₖ is 0 the term is 0.
  ///
  /// - Parameters:
  ///   - logProbabilities: log p, as `logSoftmax` gives it; any axes beside that of the classes are examples.
  ///   - distributions: t, of the same shape.
  ///   - axis: The axis of the classes; negative ones count from the back.
  ///   - reduction: The mean is that of the examples, PyTorch's `batchmean`.
  /// - Precondition: The shapes are equal.
  public static func klDivergence<Scalar: TensorScalar>(
    _ logProbabilities: Tensor<Scalar>, distributions: Tensor<Scalar>, axis: Int = -1,
    reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("klDivergence", logProbabilities, distributions)
    let isPossible = distributions .!= 0
    // The logarithm of 1 stands in for that of 0.
    let logTargets = Tensor.where(isPossible, distributions, Tensor(1)).log()
    let terms = distributions * (logTargets - possible(logProbabilities, distributions))
    return Tensor.where(isPossible, terms, Tensor(0)).sum(axes: [axis]).reduced(by: reduction)
  }

  /// log p, and 0 in place of −∞ where the target is 0 too: 0 · log 0 counts as 0, and has no gradient.
  private static func possible<Scalar: TensorScalar>(
    _ logProbabilities: Tensor<Scalar>, _ targets: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let isLeftOut = (logProbabilities .== -.infinity) .& (targets .== 0)
    return Tensor.where(isLeftOut, Tensor(0), logProbabilities)
  }

  private static func requireProbabilities<Scalar: TensorScalar>(_ loss: String, _ targets: Tensor<Scalar>) {
    if targets.count == 0 { return }
    let (least, most) = (targets.min().scalar, targets.max().scalar)
    ShapeCheck.require(least >= 0 && most <= 1) {
      "\(loss): the targets from \(least) to \(most) are not all in 0 ... 1"
    }
  }

  private static func requireSmoothing<Scalar: TensorScalar>(_ smoothing: Scalar) {
    ShapeCheck.require((0...1).contains(smoothing)) {
      "crossEntropy: the label smoothing \(smoothing) is not in 0 ... 1"
    }
  }
}

/// The classes of examples, and which examples count.
private struct ClassTarget {
  /// The axis of the classes, from the front.
  private let axis: Int
  /// A class for each example; 0 for those that do not count.
  private let classes: Tensor<Int64>
  /// Whether an example counts; `nil` when all do.
  private let counts: Tensor<Bool>?

  init<Label: TensorInteger>(
    _ loss: String, _ classes: Tensor<Label>, _ shape: Shape, _ axis: Int, ignoring ignored: Int?
  ) {
    self.axis = ShapeCheck.axis(loss, axis, rank: shape.count)
    var examples = shape
    let classCount = examples.remove(at: self.axis)
    ShapeCheck.require(classes.shape == examples) {
      "\(loss): the classes \(classes.shape) are not one for each example, \(examples), of \(shape)"
    }
    let classes = Tensor<Int64>(classes)
    counts = ignored.map { classes .!= Int64($0) }
    self.classes = counts.map { Tensor.where($0, classes, Tensor(0)) } ?? classes
    // Checked here, because positions may be negative, and count from the back.
    _ = self.classes.ofAllExamples.integers(below: classCount) { element, place in
      "\(loss): the class \(element) at \(place) is not in 0 ..< \(classCount), as \(shape) needs"
    }
  }

  func negativeLogLikelihoods<Scalar: TensorScalar>(_ logProbabilities: Tensor<Scalar>) -> Tensor<Scalar> {
    -logProbabilities.gathered(at: classes.expanded(axis: axis), axis: axis).squeezed(axes: [axis])
  }

  func reduced<Scalar: TensorScalar>(
    _ losses: Tensor<Scalar>, by reduction: Loss.Reduction
  ) -> Tensor<Scalar> {
    guard let counts else { return losses.reduced(by: reduction) }
    // A choice and not a product: what does not count may be infinite.
    let counted = Tensor.where(counts, losses, Tensor(0))
    return reduction == .mean
      ? counted.sum() / Tensor(counts.countTrue()) : counted.reduced(by: reduction)
  }
}
