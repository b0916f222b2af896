# Each target installs what it needs and is missing, then does its job. None asks a question.
#
#   make run           builds and opens the program; where there is no display, the same journey without one, into out/
#   make test          every test
#   make lint          what rustfmt, clippy and cargo-machete object to, and Prettier, ESLint, stylelint and vue-tsc of the page
#   make bench         the program against bare baselines, as ratios: into README.md and src-tauri/docs/bench.json
#   make package       a .deb for this machine's kind, in target/package/
#   make screenshots   pictures of every screen, into target/pictures/screens/; those the README shows, into src-tauri/docs/pictures/

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := run
.PHONY: run test lint bench package screenshots page

# A build machine checks the project out afresh each time; what it built stays.
ifeq ($(CI),true)
  export CARGO_TARGET_DIR ?= $(HOME)/.cache/sweepbook/target
endif
target := $(or $(CARGO_TARGET_DIR),target)

# Always the whole workspace with the same features, so that `run` and `test` share everything they build.
everything := --workspace --locked --features sweepbook/custom-protocol

# Seven hundred lines of progress help at a screen, not in a log.
quietly := $(if $(CI),--quiet)

run:
	@.ci/install run
	@$(MAKE) page
	@echo "building the programs"
	@cargo build $(everything) --bins $(quietly)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  exec $(target)/debug/sweepbook; \
	else \
	  rm -rf out; \
	  $(target)/debug/sweepctl demo --out out; \
	  echo; \
	  echo "没有图形界面，已在 out/ 中完成同样的流程：数据包与各附件表都在那里。"; \
	  echo "There is no display, so the same journey ran without one: packages and filled attachments are in out/."; \
	fi

test:
	@.ci/install test
	@$(MAKE) page
	@npm --prefix ui test
	@echo "building the programs"
	@cargo build $(everything) --bins $(quietly)
	@echo "building the tests"
	@cargo test $(everything) --no-run $(quietly)
	@cargo test $(everything) --no-fail-fast

lint:
	@.ci/install lint
	@npm --prefix ui run --silent lint
	@$(MAKE) page
	@cargo fmt --all --check
	@$(abspath $(target))/tools/bin/cargo-machete
	@cargo clippy $(everything) --all-targets $(quietly) -- -D warnings

# A measurement, not a test: it says what was reached and fails only where it cannot measure.
bench:
	@.ci/install bench
	@$(MAKE) page
	@echo "building the bench"
	@cargo build --release --locked --package sweepbook-bench --package sweepbook --features sweepbook/custom-protocol,sweepbook/bare \
	  --bins --example bare $(quietly)
	@$(target)/release/sweepbook-bench --folder $(target)/bench --tools $(target)/tools/bin \
	  --python $(target)/tools/python/bin/python \
	  --json src-tauri/docs/bench.json --readme README.md

# What `make run` built is what is packed, so that a package takes no second build; `make package profile=release` takes its
# time and makes the faster programs.
profile ?= dev
package:
	@.ci/install package
	@$(MAKE) page
	@echo "building the programs"
	@cargo build $(everything) --bins --profile $(profile) $(quietly)
	@.ci/package $(target)/$(patsubst dev,debug,$(profile)) $(target)/package

screenshots:
	@.ci/install test
	@$(MAKE) page
	@echo "building the programs"
	@cargo build $(everything) --bins $(quietly)
	@rm -rf $(target)/pictures; mkdir -p $(target)/pictures/screens
	@SWEEPBOOK_SCREENSHOTS=$(abspath $(target))/pictures/screens cargo test $(everything) --test desktop
	@for picture in $$(grep -o 'pictures/[a-z0-9-]*\.png' README.md | sed 's|.*/||'); do \
	  screen=$(target)/pictures/screens/$$picture; if [ -f $$screen ]; then cp $$screen src-tauri/docs/pictures/; fi; \
	done
	@SWEEPBOOK_STATE=$(target)/pictures/state $(target)/debug/sweepctl demo --out $(target)/pictures/demo
	@for form in ningxia/nx-2021-24-2 ningxia/samr-2020-51-1 liaoning/ln-2020-1 liaoning/ln-2020-2; do \
	  pdftoppm -r 72 -f 1 -singlefile -png $(target)/pictures/demo/$$form.pdf src-tauri/docs/pictures/$$(basename $$form); \
	done

# The program embeds the page, so it is built first.
page:
	@npm --prefix ui run --silent build -- --logLevel warn
