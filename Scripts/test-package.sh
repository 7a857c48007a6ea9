#!/usr/bin/env bash
# Makes a new package that depends on this one, by path and by git URL, uses Tensor alone, and looks at what comes
# out: that it builds in debug and in release without a warning, that it computes, and what it is linked with.
# Then a package that paints a picture with StyleTransfer alone.
# Ends with the line 'N passed, N failed'.
#
# Usage: Scripts/test-package.sh
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# The working tree as it is, as one commit. Its folder's name is the package's identity.
library="$work/impasto"
mkdir "$library"
git -c safe.directory="$PWD" ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do [[ ! -e $file ]] || printf '%s\0' "$file"; done |
  tar --create --null --files-from=- | tar --extract --directory "$library"
git -C "$library" init --quiet --initial-branch=main
git -C "$library" add --all
git -C "$library" -c user.name=Test -c user.email=test@localhost -c commit.gpgsign=false \
  commit --quiet --message "The working tree"
# As the maintainers tag it: the version is that of the changes that stand first in the list.
version=$(sed -nE 's/^## ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' CHANGELOG.md | head -n 1)
git -C "$library" tag "$version"

# What this package itself depends on is taken from its own last build, where there was one: no network is needed.
argument_parser=""
for folder in .build-test .build; do
  for repository in "$folder"/repositories/swift-argument-parser-*; do
    [[ -n $argument_parser || ! -d $repository ]] || argument_parser="$PWD/$repository"
  done
done

# Usage: make_package FOLDER DEPENDENCY
make_package() {
  mkdir -p "$1/Sources/Consumer"
  cat >"$1/Package.swift" <<END
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15)],
  dependencies: [$2],
  targets: [
    .executableTarget(name: "Consumer", dependencies: [.product(name: "Tensor", package: "impasto")])
  ]
)
END
  cat >"$1/Sources/Consumer/main.swift" <<'END'
import Tensor

let x = Tensor<Double>([[0, 1], [1, 1], [2, 1]])
let y = Tensor<Double>([1, 3, 5])
func loss(_ w: Tensor<Double>) -> Tensor<Double> { (x.matrixProduct(w) - y).square().mean() }

let w = Tensor<Double>([1, 0])
let (value, slope) = valueWithGradient(at: w, in: loss)
let curvature = hessianVectorProduct(at: w, along: slope, in: loss)
let factor = try Tensor<Double>([[4, 2], [2, 5]]).cholesky()
print(value.scalar * 3, slope.scalars.map { ($0 * 3).rounded() }, curvature.shape, factor.scalars)
print(GradientCheck.report(at: w, in: loss))
END
  [[ -z $argument_parser ]] || swift package --package-path "$1" config set-mirror \
    --original https://github.com/apple/swift-argument-parser --mirror "file://$argument_parser" >/dev/null
}

passed=0 failed=0
# Usage: check TEXT COMMAND [ARGUMENT ...]
check() {
  local text=$1
  shift
  if "$@" >"$work/why" 2>&1; then
    passed=$((passed + 1))
    echo "ok: $text"
    sed -n 's/^linked: /  /p' "$work/why"
  else
    failed=$((failed + 1))
    echo "NOT ok: $text" >&2
    sed 's/^/  /' "$work/why" >&2
  fi
}

builds() { swift build --package-path "$1" --configuration "$2" --quiet; }

builds_silently() { builds "$@" && ! grep -E 'warning|error' "$work/why"; }

computes() {
  local output
  output=$("$1") && echo "$output" &&
    grep -qF '14.0 [-16.0, -12.0] [2] [2.0, 0.0, 1.0, 2.0]' <<<"$output" && grep -q '^input 0: agrees' <<<"$output"
}

# The libraries that the program itself asks for; all others come with them.
linked() {
  if command -v readelf >/dev/null; then
    readelf --dynamic "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
  else
    otool -L "$1" | awk 'NR > 1 { n = split($1, part, "/"); print part[n] }'
  fi
}

links_only_what_tensor_needs() {
  local libraries others
  libraries=$(linked "$1")
  others=$(grep -vE '^(ld-linux.*|lib(openblas|lapacke|c|m|dl|pthread|gcc_s|stdc\+\+|swift.*|_?Foundation.*|dispatch|BlocksRuntime|System.*|objc.*)\.(so|[0-9A-Z]*\.?dylib).*)$' \
    <<<"$libraries" || true)
  echo "linked: $(tr '\n' ' ' <<<"$libraries")"
  [[ -n $libraries && $libraries == *openblas* && -z $others ]] || { echo "not known: $others"; return 1; }
}

loads_no_picture_library() {
  command -v ldd >/dev/null || return 0
  ldd "$1" && ! ldd "$1" | grep -E 'libpng|libjpeg|libz\.'
}

make_package "$work/by-path" ".package(path: \"$library\", traits: [])"
make_package "$work/by-url" ".package(url: \"file://$library\", from: \"$version\")"
for kind in path url; do
  package="$work/by-$kind"
  for configuration in debug release; do
    check "depends by $kind: builds in $configuration" builds_silently "$package" "$configuration"
    program="$package/.build/$configuration/Consumer"
    check "depends by $kind: computes in $configuration" computes "$program"
    check "depends by $kind: links only what Tensor needs in $configuration" links_only_what_tensor_needs "$program"
    check "depends by $kind: loads no picture library in $configuration" loads_no_picture_library "$program"
  done
done

fetches_nothing() { [[ ! -e $1/Package.resolved && -z $(ls "$1/.build/checkouts" 2>/dev/null) ]]; }
check "depends without traits: fetches nothing else" fetches_nothing "$work/by-path"

# The lines of README.md and of StyleTransfer's documentation, as another project has them.
painter="$work/painter"
mkdir -p "$painter/Sources/Painter"
sed -e 's/Consumer/Painter/g' -e 's/"Tensor"/"StyleTransfer"/' "$work/by-path/Package.swift" >"$painter/Package.swift"
cat >"$painter/Sources/Painter/main.swift" <<'END'
import StyleTransfer

let photo = try Picture(contentsOf: "photo.jpg"), night = try Picture(contentsOf: "night.jpg")
var recipe = Recipe.transfer(content: photo, styles: [night])
recipe.size = 512
var painting = try Painting(recipe, network: try VGG19.cached())
while let iteration = try painting.next() {
  print(iteration.number, iteration.side, iteration.total)
}
try painting.picture.write(to: "result.png")
print(try painting.cost)
END
cp Examples/Images/castle.jpg "$painter/photo.jpg"
cp Examples/Images/starry_night.jpg "$painter/night.jpg"
# Small, so that it takes seconds.
sed -i.bak 's/size = 512/size = 64/' "$painter/Sources/Painter/main.swift" && rm "$painter/Sources/Painter/main.swift.bak"
[[ -z $argument_parser ]] || swift package --package-path "$painter" config set-mirror \
  --original https://github.com/apple/swift-argument-parser --mirror "file://$argument_parser" >/dev/null

paints() {
  (cd "$painter" && .build/release/Painter) >"$work/painted" || { cat "$work/painted"; return 1; }
  grep -q '^0 64 ' "$work/painted" && grep -q '^peak memory: about ' "$work/painted" &&
    [[ $(head -c 4 "$painter/result.png" | tail -c 3) == PNG ]] || { cat "$work/painted"; return 1; }
}

check "StyleTransfer alone: builds in release" builds_silently "$painter" release
check "StyleTransfer alone: paints a picture and tells its cost" paints

echo "$passed passed, $failed failed"
((failed == 0))
