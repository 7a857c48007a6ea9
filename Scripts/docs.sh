#!/usr/bin/env bash
# The documentation of the libraries, by the toolchain's own DocC: the packages depend on nothing for it.
#
# Usage: Scripts/docs.sh pages       check the documentation and build its pages in out/docs
#        Scripts/docs.sh reference   write docs/public-api.md, docs/cheatsheet.md and docs/operations.md anew
set -euo pipefail
cd "$(dirname "$0")/.."

modules=(Tensor NN StyleTransfer)
# That of the tests: what they have built needs no second time.
scratch=.build-test
options=(--configuration release -Xswiftc -enable-testing --scratch-path "$scratch")
graphs=out/docs-graphs
host=${DOCS_BASE_PATH:-/}

# A tool of the toolchain that swift itself is from.
tool() {
  local beside
  beside=$(dirname "$(readlink -f "$(command -v swift)")")/$1
  if [[ -x $beside ]]; then echo "$beside"; else xcrun --find "$1"; fi
}

extract_graphs() {
  swift build --target StyleTransfer --quiet "${options[@]}"
  rm -rf "$graphs"
  local module triple
  triple=$(swiftc -print-target-info | sed -n 's/.*"triple": "\([^"]*\)".*/\1/p' | head -1)
  for module in "${modules[@]}"; do
    mkdir -p "$graphs/$module"
    "$(tool swift-symbolgraph-extract)" -module-name "$module" -target "$triple" "${imports[@]}" \
      -minimum-access-level public -skip-synthesized-members -skip-protocol-implementations \
      -emit-extension-block-symbols \
      -output-dir "$graphs/$module"
  done
}

# What the compiler needs to read our modules.
imports=(-I "$scratch/release/Modules" -I Sources/COpenBLAS
  -Xcc "-fmodule-map-file=$scratch/release/CKernels.build/module.modulemap"
  -Xcc "-fmodule-map-file=$scratch/release/CImageCodecs.build/module.modulemap")

# The code of an article, one block after the other, has to be a program.
check_articles() {
  local article code
  code=$(mktemp -d)
  for article in Sources/*/*.docc/*.md; do
    awk '/^```swift$/ { on = 1; next } /^```$/ { on = 0 } on' "$article" >"$code/main.swift"
    [[ -s $code/main.swift ]] || continue
    swiftc -typecheck -swift-version 6 "${imports[@]}" "$code/main.swift" 2>"$code/messages" &&
      ! grep -q 'error:' "$code/messages" ||
      { echo "docs: the code in $article is wrong:" >&2; cat "$code/messages" >&2; rm -r "$code"; return 1; }
  done
  rm -r "$code"
  echo "docs: the code in the articles compiles"
}

build_pages() {
  local module archives=() dependencies=() messages
  rm -rf out/docs out/docs-archives
  mkdir -p out/docs-archives
  messages=out/docs-archives/messages.txt
  for module in "${modules[@]}"; do
    local archive="out/docs-archives/$module.doccarchive"
    "$(tool docc)" convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$graphs/$module" \
      --fallback-display-name "$module" --fallback-bundle-identifier "impasto.$module" \
      --hosting-base-path "$host" --transform-for-static-hosting --warnings-as-errors \
      --enable-experimental-external-link-support ${dependencies[@]+"${dependencies[@]}"} \
      --output-path "$archive" >"$messages" 2>&1 || { cat "$messages" >&2; return 1; }
    # What docc calls neither a warning nor an error fails as well.
    ! grep -E '^(warning|error)' "$messages" || return 1
    archives+=("$archive")
    dependencies+=(--dependency "$archive")
  done
  "$(tool docc)" merge "${archives[@]}" --synthesized-landing-page-name Impasto --output-path out/docs
  echo "docs: $(find out/docs -name '*.html' | wc -l | tr -d ' ') pages in out/docs; look at them with:" \
    "python3 -m http.server --directory out/docs"
}

Scripts/setup.sh python
case ${1:-pages} in
  pages)
    extract_graphs
    Scripts/public-api.py check "$graphs" docs/public-api.md
    Scripts/cheatsheet.py check "$graphs" docs/cheatsheet.md
    check_articles
    build_pages
    ;;
  reference)
    extract_graphs
    Scripts/public-api.py write "$graphs" docs/public-api.md
    Scripts/cheatsheet.py write "$graphs" docs/cheatsheet.md
    WRITE_OPERATIONS_PAGE=1 FILTER='OperationsPage' Scripts/test.sh "$scratch"
    ;;
  *)
    echo "docs: '$1' is neither 'pages' nor 'reference'" >&2
    exit 64
    ;;
esac
