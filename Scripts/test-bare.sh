#!/usr/bin/env bash
# Runs the tests as on a machine without the libraries that are looked for at run time: libwebp, libtiff, libheif, libjxl
# and LittleCMS 2. In a mount namespace of its own an empty file lies over each of them; nothing is uninstalled, and
# no other process sees it. It needs Linux, and root or a system on which users may make namespaces.
#
# Usage: [FILTER=REGEX] Scripts/test-bare.sh BUILD-FOLDER [BUILD OPTION ...]
#    or: Scripts/test-bare.sh -- COMMAND ...
set -euo pipefail

if [[ -z ${IMPASTO_BARE-} ]]; then
  as_root=()
  [[ $(id -u) -eq 0 ]] || as_root=(--map-root-user)
  IMPASTO_BARE=1 exec unshare "${as_root[@]}" --mount --propagation private "$0" "$@"
fi
unset IMPASTO_BARE

loaded() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk '/^\tlib(webp|tiff|heif|jxl|lcms2)\.so/ { print $NF }'; }
mapfile -t files < <(loaded | xargs -r realpath | sort -u)
for file in "${files[@]}"; do
  mount --bind /dev/null "$file"
  [[ ! -s $file ]] || { echo "$file could not be hidden" >&2; exit 1; }
done
echo "hidden: ${files[*]:-none of the libraries is here}"

[[ ${1-} != -- ]] || { shift; exec "$@"; }
exec "$(dirname "$0")/test.sh" "$@"
