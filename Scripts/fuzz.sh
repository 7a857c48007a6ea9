#!/usr/bin/env bash
# Feeds readers of files with damaged and invented ones under the address sanitizer, each for so many seconds of a
# processor's time, one after another, and again in each round:
#   Scripts/fuzz.sh "png jpeg webp tiff heif jxl gif bmp netpbm safetensors pytorch numpy settings"|all SECONDS [ROUNDS]
# It begins with the files of Tests/Fixtures and with what earlier runs found, in out/fuzz/READER/corpus; what crashes
# is left in out/fuzz/READER, and the other readers go on. A line for each run is added to out/fuzz/record.tsv, and the
# sums of all of them are printed. BUILD=no takes what was built before. It needs libFuzzer, which comes with Swift's
# toolchain for Linux.
set -euo pipefail
cd "$(dirname "$0")/.."
all=(png jpeg webp tiff heif jxl gif bmp netpbm safetensors pytorch numpy settings)
readers=${1:?the readers: see the head of Scripts/fuzz.sh}
[[ $readers == all ]] && readers=${all[*]}
seconds=${2:-60}
rounds=${3:-1}
build=.build-fuzz
objects=$build/release
record=out/fuzz/record.tsv

# Runs a step of the build and tells its last lines if it fails. The linker warns of a hundred symbols of the sanitizer's.
told() {
  "$@" >"$build/log" 2>&1 || {
    tail -n 20 "$build/log"
    exit 1
  }
}

build_all() {
  mkdir -p "$build"
  told swift build -c release --scratch-path "$build" --target StyleTransfer --sanitize=address \
    -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link

  local maps=() parts libraries map
  for map in "$objects"/{CKernels,CImageCodecs}.build/module.modulemap Sources/COpenBLAS/module.modulemap; do
    [[ -e $map ]] && maps+=(-Xcc "-fmodule-map-file=$PWD/$map")
  done
  mapfile -t parts < <(
    find "$objects"/{ImpastoPlatform,CKernels,CImageCodecs,Tensor,NN,StyleTransfer}.build -name '*.o' 2>/dev/null)
  read -ra libraries < <(pkg-config --libs openblas lapacke 2>/dev/null || echo "-lopenblas -llapacke")
  told swiftc -O -sanitize=fuzzer,address -parse-as-library -I "$objects/Modules" "${maps[@]}" \
    -Xcc -ISources/CKernels/include -Xcc -ISources/CImageCodecs/include \
    Tests/Fuzz/*.swift "${parts[@]}" "${libraries[@]}" -lpng -ljpeg -lz -o "$build/fuzz"
}

# Copies the reader's real files to the folder; those of more than 64 kB would be most of the time.
seeds_of() {
  local fixtures=Tests/Fixtures files=()
  case $1 in
    png) files=("$fixtures"/{images,colours}/*.png) ;;
    jpeg) files=("$fixtures"/{images,colours}/*.jpg) ;;
    webp | jxl | gif | bmp) files=("$fixtures"/formats/*."$1") ;;
    tiff) files=("$fixtures"/formats/*.tif) ;;
    heif) files=("$fixtures"/formats/*.{heic,avif}) ;;
    netpbm) files=("$fixtures"/formats/*.p[bgpaf]m) ;;
    safetensors) files=("$fixtures"/serialization/*.safetensors) ;;
    pytorch) files=("$fixtures"/serialization/*.pth) ;;
    numpy) files=("$fixtures"/serialization/*.{npy,npz,pickle}) ;;
    settings) files=("$fixtures"/recipes/*.jsonl) ;;
    *) echo "there is no reader '$1'" >&2; exit 64 ;;
  esac
  if [[ $1 == settings ]]; then
    cat "${files[@]}" | split -a 4 -l 1 - "$2/line-"
  else
    find "${files[@]}" -size -64k -exec cp {} "$2" \;
  fi
}

# The processor time that a process has taken, in hundredths of a second.
processor_time() {
  local fields
  read -r fields 2>/dev/null <"/proc/$1/stat" || return 1
  read -ra fields <<<"${fields##*) }"
  echo $(((fields[11] + fields[12]) * 100 / $(getconf CLK_TCK)))
}

fuzz() {
  local reader=$1 folder=out/fuzz/$1 taken=0 now status=0 outcome=well
  mkdir -p "$folder/corpus" "$folder/seeds"
  seeds_of "$reader" "$folder/seeds"
  # Leaks are looked for elsewhere, by `make test-sanitize`: here they would be Foundation's. A time that is up by the
  # clock may have been spent waiting for a processor, so it is long.
  IMPASTO_READER=$reader OPENBLAS_NUM_THREADS=1 SWIFT_BACKTRACE=enable=no \
    ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0 \
    "$build/fuzz" "$folder/corpus" "$folder/seeds" -artifact_prefix="$folder/" -max_len=16384 -timeout=600 \
    -rss_limit_mb=4096 -print_final_stats=1 2>"$folder/log" &
  local process=$!
  # It ends by itself at what it has found.
  while now=$(processor_time "$process"); do
    taken=$now
    ((taken >= seconds * 100)) && { kill -USR1 "$process" 2>/dev/null || true; }
    sleep 1
  done
  wait "$process" || status=$?
  if ((status)); then
    outcome="ended with $status"
    grep -E 'ERROR|SUMMARY|Fatal|Precondition|Test unit written' "$folder/log" | head -n 20 || true
    echo "the reader $reader failed; all of it is in $folder/log"
    cp "$folder/log" "$folder/log-$(date +%s)"
  fi
  local last executed
  last=$(grep -aoE '^#[0-9]+.*cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$folder/log" | tail -n 1)
  executed=$(sed -nE 's/^stat::number_of_executed_units: *//p' "$folder/log" | tail -n 1)
  [[ -n $executed ]] || executed=$(sed -E 's/^#([0-9]+).*/\1/' <<<"$last")
  printf '%s\t%s\t%d.%02d\t%s\t%s\t%s\t%s\t%s\n' "$(date +%FT%T)" "$reader" $((taken / 100)) $((taken % 100)) \
    "${executed:-0}" "$(sed -nE 's/.*cov: ([0-9]+).*/\1/p' <<<"$last")" \
    "$(sed -nE 's/.*ft: ([0-9]+).*/\1/p' <<<"$last")" \
    "$(sed -nE 's/^stat::peak_rss_mb: *//p' "$folder/log" | tail -n 1)" "$outcome" >>"$record"
  return "$status"
}

# Coverage is that of the last run, which has read all that was found before it.
sums() {
  awk -F '\t' '
    { time[$2] += $3; executed[$2] += $4; if ($5 > edges[$2]) edges[$2] = $5; if ($6 > features[$2]) features[$2] = $6
      if ($8 != "well") failed[$2]++ }
    END {
      for (reader in time)
        printf "%-12s %7.1f minutes %10d executions %6d edges %6d features %3d failures\n", reader,
          time[reader] / 60, executed[reader], edges[reader], features[reader], failed[reader] + 0
    }' "$record" | sort
}

[[ ${BUILD:-yes} == no ]] || build_all
mkdir -p out/fuzz
failures=0
for ((round = 1; round <= rounds; round++)); do
  for reader in $readers; do
    fuzz "$reader" || failures=$((failures + 1))
  done
done
sums
((failures == 0))
