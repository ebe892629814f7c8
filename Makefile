# doorward: `make demo` and `make check` are all that a bare Debian 12 machine needs; both install what is missing first.
SHELL := /bin/bash
PEOPLE ?= 54000
SEED ?= 1
DIR ?= var/demo
SERVE ?= 1

.PHONY: app build deb demo check quick soak bench peers fuzz format docs clean

# The release build: only what running needs (no test library, no benches).
build:
	meson setup build --buildtype=release -Dtests=false $(if $(wildcard build/build.ninja),--reconfigure) >/dev/null
	ninja -C build
	ln -sf src/doorward build/doorward

# The web app, in app/dist/.
app:
	tools/app build

# A Debian package, in build-deb/.
deb:
	tools/install build
	tools/make_deb

demo:
	tools/install build
	$(MAKE) --no-print-directory build app
	build/doorward demo --people $(PEOPLE) --seed $(SEED) --dir $(DIR) $(if $(filter 0,$(SERVE)),,--serve --app app/dist)

check:
	tools/install check
	tools/check all

# For the loop at the keyboard: under a minute.
quick:
	tools/check quick

soak:
	tools/install check
	tools/check soak

bench:
	tools/install check
	tools/check bench

# What the benches hold us against, built from its own module; wants Go, and is no part of any check.
peers:
	mkdir -p build-peers/src
	cp tools/peers/pocketbase/main.go tools/peers/pocketbase/go.mod build-peers/src
	cd build-peers/src && go mod tidy && CGO_ENABLED=0 go build -o ../pocketbase .

fuzz:
	tools/install check
	tools/check fuzz

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

docs:
	python3 tools/gen_docs.py

clean:
	rm -rf build build-*
