import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var activations: [Case] {
    pointwise("logit", CaseInput.uniform, 0.1...0.9) { $0.logit() }
    special("logit") { $0.logit() }
    pointwise("softplus", CaseInput.uniform, -3...3) { $0.softplus() }
    pointwise("silu", CaseInput.uniform, -3...3) { $0.silu() }
    pointwise("gelu", CaseInput.uniform, -3...3) { $0.gelu() }
    pointwise("gelu", name: "gelu, tanh", CaseInput.uniform, -3...3) { $0.gelu(approximation: .tanh) }
    pointwise("elu", CaseInput.awayFromZero, 0.2...2) { $0.elu() }
    pointwise("elu", name: "elu, alpha", CaseInput.awayFromZero, 0.2...2) { $0.elu(alpha: 0.75) }
    pointwise("leakyReLU", CaseInput.awayFromZero, 0.2...2) { $0.leakyReLU() }
    pointwise("leakyReLU", name: "leakyReLU, slope", CaseInput.awayFromZero, 0.2...2) {
      $0.leakyReLU(slope: 0.25)
    }
    pointwise("mish", CaseInput.uniform, -3...3) { $0.mish() }
    pointwise("hardSigmoid", CaseInput.spread, -5...5) { $0.hardSigmoid() }
    pointwise("hardSwish", CaseInput.spread, -5...5) { $0.hardSwish() }
    pointwise("hardTanh", CaseInput.spread, -2...2) { $0.hardTanh() }
    pointwise("softsign", CaseInput.awayFromZero, 0.2...2) { $0.softsign() }
    special("softsign") { $0.softsign() }

    let far = CaseInput.values([-30, -25, -12, -6, 0, 6, 12, 25, 30, 60])
    Case("softplus", "softplus, far", [far]) { $0[0].softplus() }
    Case("silu", "silu, far", [far]) { $0[0].silu() }
    Case("gelu", "gelu, far", [far]) { $0[0].gelu() }
    Case("gelu", "gelu, tanh far", [far]) { $0[0].gelu(approximation: .tanh) }
    Case("mish", "mish, far", [far]) { $0[0].mish() }
    Case("elu", "elu, far", [far], derivatives: .unchecked(because: "0 is where the pieces meet")) {
      $0[0].elu()
    }
    composedActivations
  }

  @OperationCaseList<Scalar>
  private static var composedActivations: [Case] {
    pointwise("logSigmoid", CaseInput.uniform, -3...3) { $0.logSigmoid() }
    special("logSigmoid") { $0.logSigmoid() }
    pointwise("celu", CaseInput.awayFromZero, 0.2...2) { $0.celu(alpha: 1.5) }
    special("celu") { $0.celu() }
    pointwise("selu", CaseInput.awayFromZero, 0.2...2) { $0.selu() }
    special("selu") { $0.selu() }
    pointwise("relu6", CaseInput.spread, -3...9) { $0.relu6() }
    special("relu6") { $0.relu6() }
    pointwise("softShrink", CaseInput.spread, -2...2, single: nothing) { $0.softShrink() }
    special("softShrink") { $0.softShrink(threshold: 0.75) }
    pointwise("hardShrink", CaseInput.spread, -2...2, single: nothing) { $0.hardShrink() }
    special("hardShrink") { $0.hardShrink(threshold: 0.75) }
    pointwise("tanhShrink", CaseInput.uniform, -3...3) { $0.tanhShrink() }
    pointwise("threshold", CaseInput.spread, -2...2, single: nothing) { $0.threshold(0.3, value: -7) }
    special("threshold") { $0.threshold(0.3, value: -7) }
    for (suffix, shape, axis) in [
      ("", [2, 3, 4], -1), (", first axis", [4, 3], 0), (", single", [1, 2], 1), (", empty", [0, 4], 1),
    ] as [(String, Shape, Int)] {
      Case("glu", "glu" + suffix, [.uniform(shape)]) { $0[0].glu(axis: axis) }
    }
  }

  private static var nothing: Case.Derivatives { .unchecked(because: "the only element is 0") }
}
