/// Einstein's summation: the product of tensors whose axes are named by letters, summed over the letters that
/// are not in the result.
///
/// ```swift
/// einsum("bij,bjk->bik", a, b)     // matrix products of a batch
/// einsum("ij,ij->", a, b)          // the sum of all products, Σᵢⱼ aᵢⱼ bᵢⱼ
/// einsum("ii->i", a)               // the diagonal
/// einsum("i,j->ij", u, v)          // the outer product
/// einsum("...chw,...dhw->...cd", f, f)  // Gram matrices of any number of leading axes
/// ```
///
/// - An axis for each letter; equal letters are one axis, of one length. A letter twice in one operand is its
///   diagonal.
/// - Without an arrow the result has the letters that occur once, in the order of the alphabet (capitals
///   first).
/// - `...` stands for the axes that the letters leave, aligned at the last; in the result they come where it
///   says, first without an arrow, and are summed over where the result has an arrow but no `...`.
/// - An axis of length 1 broadcasts.
///
/// Differentiable in every operand, any number of times. An equation is read, and the order of the products
/// chosen, once for operands of given shapes; they are computed as transposes without a copy and batched
/// matrix products.
///
/// - Precondition: The equation is well-formed and fits the shapes; the message names the character at fault.
/// - Complexity: The products are made two at a time, of the rest always those with the fewest
///   multiplications.
public func einsum<Scalar: TensorScalar>(
  _ equation: String, _ operands: Tensor<Scalar>...
) -> Tensor<Scalar> {
  einsum(equation, operands)
}

/// Einstein's summation of a list of operands; see `einsum(_:_:)` of several operands.
public func einsum<Scalar: TensorScalar>(
  _ equation: String, _ operands: [Tensor<Scalar>]
) -> Tensor<Scalar> {
  var tensors = operands
  for step in EinsumPlanCache.shared.plan(equation, operands.map(\.shape)).steps {
    switch step {
    case .squeeze(let index, let axes): tensors[index] = tensors[index].squeezed(axes: axes)
    case .diagonal(let index, let order): tensors[index] = tensors[index].transposed(axes: order).diagonal()
    case .sum(let index, let axes): tensors[index] = tensors[index].sum(axes: axes)
    case .transpose(let index, let order): tensors[index] = tensors[index].transposed(axes: order)
    case .multiply(let left, let right, let product):
      let second = tensors.remove(at: right)
      let first = tensors.remove(at: left)
      tensors.append(first.multiplied(second, product))
    }
  }
  return tensors[0]
}

extension Tensor where Scalar: TensorScalar {
  fileprivate func multiplied(_ other: Tensor, _ product: EinsumPlan.Product) -> Tensor {
    let left = arranged(product.leftOrder, product.leftShape)
    let right = other.arranged(product.rightOrder, product.rightShape)
    switch product.kind {
    case .matrices: return left.matrixProduct(right).reshaped(to: product.resultShape)
    case .elements(let summed):
      let terms = left * right
      return summed == 0 ? terms : terms.sum(axes: Array(terms.rank - summed..<terms.rank))
    }
  }

  private func arranged(_ order: [Int]?, _ shape: Shape) -> Tensor {
    (order.map { transposed(axes: $0) } ?? self).reshaped(to: shape)
  }
}
