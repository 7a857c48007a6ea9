#!/bin/bash
# Makes the pictures of docs/gallery.md in out/gallery, each with its time: about half an hour on two cores.
# GALLERY=NAME makes those alone whose name begins so.
set -euo pipefail
cd "$(dirname "$0")/.."
impasto=.build/release/impasto
pictures=Examples/Images
mkdir -p out/gallery

make_picture() {
  local name=$1
  shift
  [[ $name == "${GALLERY:-}"* ]] || return 0
  local start
  start=$(date +%s)
  "$impasto" "$@" -o "out/gallery/$name.png" --quiet
  echo "$name: $(( $(date +%s) - start )) s: impasto $*"
}

transfer() {
  local name=$1 content=$2 style=$3
  shift 3
  make_picture "$name" transfer --content "$pictures/$content.jpg" --style "$pictures/$style.jpg" "$@"
}

transfer study-castle-night castle starry_night --preset study
transfer study-astronaut-cafe astronaut cafe_terrace --preset study
transfer study-kitten-night kitten starry_night --preset study
transfer study-castle-cafe castle cafe_terrace --preset study
transfer painterly-castle-night castle starry_night
transfer painterly-kitten-cafe kitten cafe_terrace
transfer painterly-astronaut-night astronaut starry_night
transfer painterly-castle-cafe castle cafe_terrace
transfer brush-castle-night castle starry_night --preset brush
transfer brush-kitten-cafe kitten cafe_terrace --preset brush

make_picture texture-night-tile texture --style "$pictures/starry_night.jpg" --width 256 --height 256 --tileable
make_picture texture-cafe texture --style "$pictures/cafe_terrace.jpg" --width 512 --height 384
make_picture texture-castle texture --style "$pictures/castle.jpg" --width 384 --height 256
make_picture texture-strokes texture --style "$pictures/starry_night.jpg" --style-loss gram --style-layers conv_1...conv_5 \
  --width 384 --height 256

transfer mask-kitten-night kitten starry_night --mask "$pictures/kitten-ground.png"
transfer regions-castle castle starry_night --style "$pictures/cafe_terrace.jpg" \
  --region "$pictures/castle-sky.png" --region rest
# Half an hour by itself, so only where it is asked for.
if [[ ${GALLERY:-} == print* ]]; then
  transfer print-kitten-night kitten starry_night --keep-shapes 0 --content-layers relu_10 \
    --style-layers relu_1,relu_3,relu_5,relu_9,relu_13 --size 4096 --memory-limit 4G
fi
transfer shapes-0-astronaut astronaut starry_night --keep-shapes 0

for layer in 1 2 4 8 12; do
  make_picture "reconstruct-$layer" reconstruct --content "$pictures/castle.jpg" --content-layers "conv_$layer"
done

transfer preset-gatys2015 castle starry_night --preset gatys2015

for balance in 0.1 0.3 0.5 0.7 0.9; do
  transfer "balance-$balance-study-128" castle starry_night --preset study --size 128 --balance "$balance"
  transfer "balance-$balance-study-384" castle starry_night --preset study --size 384 --iterations 30 \
    --balance "$balance"
  transfer "balance-$balance-painterly-256" castle starry_night --size 256 --iterations 40 --balance "$balance"
  transfer "balance-$balance-kitten-256" kitten cafe_terrace --preset study --size 256 --iterations 40 \
    --balance "$balance"
  transfer "balance-$balance-brush-256" castle starry_night --preset brush --size 256 --iterations 40 --balance "$balance"
done
