/// The name among `names` that is the fewest letters away from `name`, the first of several, and how many letters
/// that is; `nil` among none.
///
/// - Complexity: O(m·n) for the lengths of the two names, for each of `names`.
package func nearestName(
  to name: String, among names: some Sequence<String>
) -> (name: String, distance: Int)? {
  names.lazy.map { (name: $0, distance: editDistance($0, name)) }.min { $0.distance < $1.distance }
}

/// How many letters must be inserted, removed or replaced to make one text of the other, letter case included.
func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[b.count]
}
