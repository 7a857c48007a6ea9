import Tensor

extension OperationCases {
  /// Every equation is itself the name of its case.
  @OperationCaseList<Scalar>
  static var equations: [Case] {
    equation("ij->ji", [2, 3])
    equation("ij->", [2, 3])
    equation("ij->j", [2, 3])
    equation("ba", [2, 3])
    equation("ii", [3, 3])
    equation("ii->i", [3, 3])
    equation("iij->ji", [3, 3, 2])
    equation("iiik->k", [2, 2, 2, 3])
    equation("ijij->ij", [2, 3, 2, 3])
    equation("i,i->", [4], [4])
    equation("i,j->ij", [2], [3])
    equation("i,i->i", [4], [4])
    equation("ij,jk", [2, 3], [3, 4])
    equation("ij,kj->ik", [2, 3], [4, 3])
    equation("ji,kj->ki", [3, 2], [4, 3])
    equation("ij,j->i", [2, 3], [3])
    equation("bij,bjk->bik", [2, 3, 4], [2, 4, 2])
    equation("bi,bi->b", [2, 3], [2, 3])
    equation("bhqd,bkhd->bhqk", [2, 2, 3, 4], [2, 5, 2, 4])
    equation("abc,cbd->da", [2, 3, 4], [4, 3, 2])
    equation("abc,d->c", [2, 3, 4], [2])
    equation("ij,jk,kl->il", [2, 3], [3, 4], [4, 2])
    equation("i,ij,j->", [2], [2, 3], [3])
    equation("bn,anm,bm->ba", [2, 3], [4, 3, 2], [2, 2])
    equation("i,j,k,l->lkji", [2], [1], [3], [2])
    equation("...ij,...jk->...ik", [2, 1, 2, 3], [4, 3, 2])
    equation("...ij->...", [2, 3, 4])
    equation("...i,i...", [2, 3], [3, 4, 2])
    equation("i...->i", [2, 3, 4])
    equation("...", [2, 3])
    equation("ij , jB -> iB", [2, 1], [3, 2])
    equation("ij,ij->ij", [1, 3], [2, 1])
    equation(",i->i", [], [3])
    equation("ij,jk->ik", [2, 0], [0, 3])
    equation("ij,jk->i", [0, 2], [2, 3])
  }

  private static func equation(_ text: String, _ shapes: Shape...) -> Case {
    Case("einsum", text, shapes.map { .uniform($0) }) { einsum(text, $0) }
  }
}
