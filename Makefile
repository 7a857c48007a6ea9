# Impasto's everyday commands; `make` alone lists them. The work is in Scripts/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
.PHONY: help setup build install uninstall weights weights-perceptual demo test test-bare test-studio test-cluster test-package test-sanitize docs reference gallery bench bench-against bench-quality bench-pictures bench-plan bench-size bench-docs bench-textures bench-flicker bench-batch bench-debug format lint clean check-page check-cases fixtures fuzz

SOURCES := $(wildcard Package.swift Sources Tests Examples Benchmarks)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

setup: ## Check for Swift and install the native libraries that are missing
	@Scripts/setup.sh swift libraries

build: setup ## Build the libraries and the command line tool, optimised
	@Scripts/build.sh -c release --product impasto

install: build ## Put impasto, its man page and completions below PREFIX, /usr/local by default
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' Scripts/install.sh install

uninstall: ## Take away what `make install` put below PREFIX
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' Scripts/install.sh uninstall

weights: setup ## Fetch VGG-19's weights into the user's cache and verify them
	@Scripts/weights.sh

# For `impasto compare --perceptual` and the tests that compare it with the reference packages.
weights-perceptual: setup ## Fetch the weights of LPIPS and DISTS into the user's cache and verify them
	@Scripts/weights-perceptual.sh

demo: weights build ## Repaint a photograph after The Starry Night: out/demo.png
	@mkdir -p out
	@start=$$(date +%s); \
	.build/release/impasto transfer --content Examples/Images/castle.jpg \
	  --style Examples/Images/starry_night.jpg --size 384 -o out/demo.png && \
	echo "The picture is out/demo.png, painted in $$(( $$(date +%s) - start )) seconds."

# Tests build in a folder of their own: testable code has other compiler flags, and one folder for both
# would be rebuilt from nothing at every change between `make build` and `make test`.
test: weights ## Run the tests in release mode; FILTER=Winograd runs those whose name matches
	@Scripts/test.sh .build-test

# In a mount namespace: it needs Linux, and root or a system on which users may make such.
test-bare: weights ## Run the tests as without libwebp, libtiff, libheif, libjxl and LittleCMS; FILTER as for test
	@Scripts/test-bare.sh .build-test

# Another project's view of the package: four builds of their own, which take longer than all tests, so it stands apart.
test-package: weights ## Build, run and look at a new package that depends on this one, by path and by git URL
	@Scripts/test-package.sh

# It needs python3 and Debian's package chromium, or CHROMIUM=…; SHOTS=FOLDER gets screenshots.
test-studio: weights build ## Use the studio in Chromium: runs, changes in flight, branches, masks, reloads
	@Scripts/test-studio.py $(SHOTS)

# It needs Debian's packages slurm-wlm, munge and parallel.
test-cluster: weights build ## Make a batch with a Slurm cluster on this machine and with GNU parallel
	@Scripts/test-cluster.sh

# SHOTS=pan,still,cut FRAMES=12 STEP=4 SIZE=192
bench-flicker: weights build ## Measure how much less a film made by --frames flickers than single frames
	@$(or $(PYTHON),python3) Benchmarks/flicker.py $(if $(SHOTS),--shots $(SHOTS)) \
	  $(if $(FRAMES),--frames $(FRAMES)) $(if $(STEP),--step $(STEP)) \
	  $(if $(SIZE),--size $(SIZE))

# JOBS=50 SIZE=128 REPEATS=2
bench-batch: weights build ## Compare a batch with as many single runs
	@$(or $(PYTHON),python3) Benchmarks/batch.py $(if $(JOBS),--jobs $(JOBS)) $(if $(SIZE),--size $(SIZE)) \
	  $(if $(REPEATS),--repeats $(REPEATS))

# The Swift compiler has no undefined-behaviour sanitizer on Linux; for the C targets it rides on
# the address sanitizer's runtime. OpenBLAS is not instrumented, so its own threads are kept out.
# The names are those of suites and tests: what reaches C and raw memory, then what shares work.
# The thread sanitizer does not see a `Mutex` of the standard library lock on Linux: such tests use `Guarded`.
test-sanitize: export OPENBLAS_NUM_THREADS = 1
test-sanitize: export LSAN_OPTIONS = suppressions=$(CURDIR)/Scripts/leaks-of-foundation.txt
test-sanitize: weights ## Run kernel tests under Address and UB, thread tests under Thread sanitizer
	@FILTER='Kernel|Winograd|Arena|Picture' Scripts/test.sh .build-asan --sanitize=address \
	  -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined
	@FILTER='Parallel|Concurren|Winograd|Factor|LinearAlgebra' Scripts/test.sh .build-tsan --sanitize=thread

# The campaigns that were run, and what they found, are in docs/robustness.md.
# READER=png|jpeg|webp|tiff|heif|jxl|gif|bmp|netpbm|safetensors|pytorch|numpy|settings|all SECONDS=60 ROUNDS=1
fuzz: setup ## Feed a reader of files, or several, with damaged ones
	@Scripts/fuzz.sh "$(READER)" $(or $(SECONDS),60) $(or $(ROUNDS),1)

check-cases: weights build ## Try what users stumbled over: odd pictures, files, limits and signals, in a few minutes
	@Scripts/check-cases.py .build/release/impasto $(ONLY)

docs: setup ## Build the libraries' pages in out/docs; fails at a symbol without a word
	@Scripts/docs.sh pages

reference: setup ## Write docs/operations.md, docs/public-api.md and docs/cheatsheet.md anew
	@Scripts/docs.sh reference

# It needs python3 (or PYTHON=…) with what Tests/Fixtures/requirements.txt names; --list says which families there are.
fixtures: ## Make the tests' reference values again: all, or FAMILY="elementwise layers …"
	@$(or $(PYTHON),python3) Tests/Fixtures/generate.py $(FAMILY)

gallery: weights build ## Make the pictures of docs/gallery.md in out/gallery, in half an hour
	@GALLERY=$(GALLERY) Scripts/gallery.sh

# It needs python3 and Debian's package chromium, or CHROMIUM=…; PAGE=FILE and SHOTS=FOLDER are optional.
check-page: ## Look for faults in the study's page with Chromium: phone to desktop, light, dark, print
	@Scripts/check-page.py $(or $(PAGE),docs/study/index.html) $(SHOTS)

# Measures ours and, where python3 (or PYTHON=…) has it, PyTorch. What and how often:
# ONLY=evaluation,convolution,accuracy,startup,small,matrix,training SIZES=256,512 REPEATS=5 THREADS=2 OUTPUT=FILE
bench: weights ## Compare speed, memory and accuracy with PyTorch's on this machine, in 20 minutes
	@swift build -c release --package-path Benchmarks --scratch-path .build-bench --product impasto-bench
	@BENCH_COMMAND="$(strip make bench $(filter-out OUTPUT=% PYTHON=%,$(MAKEOVERRIDES)))" $(or $(PYTHON),python3) Benchmarks/bench.py \
	  $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) $(if $(REPEATS),--repeats $(REPEATS)) \
	  $(if $(THREADS),--threads $(THREADS)) $(if $(OUTPUT),--output $(OUTPUT))

# OLD=…/impasto-bench of another checkout, built there with the first line of `bench`; ONLY=evaluation,small SIZES=256,512
bench-against: weights ## Compare this tree's speed with another build's, OLD=PROGRAM, in turns
	@swift build -c release --package-path Benchmarks --scratch-path .build-bench --product impasto-bench
	@$(or $(PYTHON),python3) Benchmarks/against.py "$(OLD)" $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) \
	  $(if $(REPEATS),--repeats $(REPEATS)) $(if $(THREADS),--threads $(THREADS))

# ROWS="stepTransformer 128,chainAdd 16" REPEATS=3
bench-debug: ## Measure how much slower a debug build is than a release build of the same program
	@swift build -c release --package-path Benchmarks --scratch-path .build-bench --product impasto-bench
	@swift build --package-path Benchmarks --scratch-path .build-bench-debug --product impasto-bench
	@$(or $(PYTHON),python3) Benchmarks/debug.py $(if $(ROWS),--rows "$(ROWS)") $(if $(REPEATS),--repeats $(REPEATS)) \
	  $(if $(THREADS),--threads $(THREADS))

# ONLY="transfer texture" SIZE=128 THREADS=2 OUTPUT=FILE
bench-quality: weights build ## Compare pictures with those of PyTorch's L-BFGS on the same objective
	@$(or $(PYTHON),python3) Benchmarks/quality.py $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE)) \
	  $(if $(THREADS),--threads $(THREADS)) $(if $(OUTPUT),--output $(OUTPUT))

# SIZE=256 PAIRS="castle:starry_night" METHODS="painterly tutorial-torch"; see Benchmarks/pictures.py
bench-pictures: weights weights-perceptual build ## Judge transfers, ours and PyTorch's, by networks that made none of them
	@swift build -c release --package-path Benchmarks --scratch-path .build-bench --product impasto-bench
	@$(or $(PYTHON),python3) Benchmarks/pictures.py $(if $(SIZE),--size $(SIZE)) $(if $(PAIRS),--pairs $(PAIRS)) \
	  $(if $(METHODS),--methods $(METHODS)) $(if $(THREADS),--threads $(THREADS))

# ONLY="transfer,texture" SIZES=128,256,384
bench-plan: weights build ## Compare what --plan says with what the runs then take
	@$(or $(PYTHON),python3) Benchmarks/plan.py $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES))

# ONLY="bits,turns,large,plan,huge,peer" SIZES=1024,2048 LIMIT=4G OLD=…/impasto of another checkout for turns; it takes hours
bench-size: weights build ## Measure print sizes: bits, time and memory by strips, and what a plan says of them
	@$(or $(PYTHON),python3) Benchmarks/size.py $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) \
	  $(if $(OLD),--old $(OLD)) $(if $(LIMIT),--limit $(LIMIT)) $(if $(THREADS),--threads $(THREADS))

# ONLY="bricks weave" METHODS="gram sliced+spectrum" SIZE=256 OUTPUT=FOLDER; all of it takes hours, and goes on where it was stopped
bench-textures: weights weights-perceptual build ## Make ten textures by each loss: likeness, copying, repetition, time
	@$(or $(PYTHON),python3) Benchmarks/textures.py $(if $(ONLY),--only "$(ONLY)") $(if $(METHODS),--methods "$(METHODS)") \
	  $(if $(SIZE),--size $(SIZE)) $(if $(THREADS),--threads $(THREADS)) $(if $(OUTPUT),--output $(OUTPUT))

bench-docs: ## Put the table of the last `make bench` into docs/performance.md
	@$(or $(PYTHON),python3) Benchmarks/bench.py --publish docs/performance.md $(if $(OUTPUT),--output $(OUTPUT))

format: ## Rewrite the Swift files in the house format
	swift format --in-place --recursive --parallel $(SOURCES)

lint: ## Check the house format and the rules of Scripts/lint.sh
	@Scripts/setup.sh swift
	swift format lint --strict --recursive --parallel $(SOURCES)
	@Scripts/lint.sh

clean: ## Remove what was built; the weights in the cache and out/ stay
	rm -rf .build .build-test .build-asan .build-tsan .build-bench .build-fuzz
