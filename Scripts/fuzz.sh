#!/usr/bin/env bash
# Feeds a reader of files with damaged and invented ones under the address sanitizer, for so many seconds:
#   Scripts/fuzz.sh png|jpeg|webp|tiff|heif|jxl|gif|bmp|netpbm|safetensors|pytorch|numpy|settings SECONDS
# It begins with the files of Tests/Fixtures and with what earlier runs found, in out/fuzz/READER/corpus; what crashes
# is left in out/fuzz/READER. It needs libFuzzer, which comes with Swift's toolchain for Linux.
set -euo pipefail
cd "$(dirname "$0")/.."
reader=${1:?the reader: see the head of Scripts/fuzz.sh}
seconds=${2:-60}
build=.build-fuzz
objects=$build/release

swift build -c release --scratch-path "$build" --target StyleTransfer --sanitize=address \
  -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link >"$build.log" 2>&1 || {
  tail -n 20 "$build.log"
  exit 1
}
rm -f "$build.log"

maps=()
for map in "$objects"/{CKernels,CImageCodecs}.build/module.modulemap Sources/COpenBLAS/module.modulemap; do
  [[ -e $map ]] && maps+=(-Xcc "-fmodule-map-file=$PWD/$map")
done
mapfile -t parts < <(
  find "$objects"/{ImpastoPlatform,CKernels,CImageCodecs,Tensor,NN,StyleTransfer}.build -name '*.o' 2>/dev/null)
read -ra libraries < <(pkg-config --libs openblas lapacke 2>/dev/null || echo "-lopenblas -llapacke")
swiftc -O -sanitize=fuzzer,address -parse-as-library -I "$objects/Modules" "${maps[@]}" \
  -Xcc -ISources/CKernels/include -Xcc -ISources/CImageCodecs/include \
  Tests/Fuzz/*.swift "${parts[@]}" "${libraries[@]}" -lpng -ljpeg -o "$build/fuzz"

case $reader in
  png) seeds=(Tests/Fixtures/{images,colours}/*.png) ;;
  jpeg) seeds=(Tests/Fixtures/{images,colours}/*.jpg) ;;
  webp | jxl | gif | bmp) seeds=(Tests/Fixtures/formats/*."$reader") ;;
  tiff) seeds=(Tests/Fixtures/formats/*.tif) ;;
  heif) seeds=(Tests/Fixtures/formats/*.{heic,avif}) ;;
  netpbm) seeds=(Tests/Fixtures/formats/*.p[bgpaf]m) ;;
  safetensors) seeds=(Tests/Fixtures/serialization/*.safetensors) ;;
  pytorch) seeds=(Tests/Fixtures/serialization/*.pth) ;;
  numpy) seeds=(Tests/Fixtures/serialization/*.np[yz]) ;;
  settings) seeds=(Tests/Fixtures/recipes/*.jsonl) ;;
  *) echo "there is no reader '$reader'" >&2; exit 64 ;;
esac
folder=out/fuzz/$reader
mkdir -p "$folder/corpus" "$folder/seeds"
if [[ $reader == settings ]]; then
  cat "${seeds[@]}" | split -l 1 - "$folder/seeds/line-"
else
  find "${seeds[@]}" -size -64k -exec cp {} "$folder/seeds" \;
fi

# Leaks are looked for elsewhere, by `make test-sanitize`: here they would be Foundation's.
IMPASTO_READER=$reader OPENBLAS_NUM_THREADS=1 ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0 \
  "$build/fuzz" "$folder/corpus" "$folder/seeds" -artifact_prefix="$folder/" -max_total_time="$seconds" \
  -max_len=16384 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 2>"$folder/log" || {
  status=$?
  grep -E 'ERROR|SUMMARY|Fatal|Precondition|Test unit written' "$folder/log" | head -n 20
  echo "the reader $reader failed; all of it is in $folder/log"
  exit "$status"
}
grep -E 'DONE|stat::number_of_executed_units|stat::peak_rss' "$folder/log"
tail -n 300 "$folder/log" | grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' | tail -n 1
