#!/bin/sh
# Installs what one group of make targets needs, by package name; does nothing where all is there.
#
#   sh make/setup.sh build|run|test|bench|check
#
# What is needed is a table of things to find (a command on PATH, a file, a module of
# Python's library) and the Debian package that has each. On a system with apt-get the
# missing packages are installed: as root, else by sudo, else the one line to run is
# printed and the script ends with 1. On another system the missing things are named.
# Nothing is asked; standard input is not read.
set -eu

# group  kind  thing  package
needs() {
	cat <<'TABLE'
build cmd clang-19 clang-19
build cmd ld.lld-19 lld-19
build cmd llvm-objcopy-19 llvm-19
build file /usr/include/stdio.h libc6-dev
build file /usr/lib/wasm32-wasi/libc.a wasi-libc
build file /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a libclang-rt-19-dev-wasm32
run cmd qemu-system-x86_64 qemu-system-x86
run file /usr/share/OVMF/OVMF_CODE_4M.fd ovmf
run cmd grub-mkrescue grub-common
run file /usr/lib/grub/i386-pc/multiboot2.mod grub-pc-bin
run file /usr/lib/grub/x86_64-efi/multiboot2.mod grub-efi-amd64-bin
run cmd xorriso xorriso
run cmd mformat mtools
test file /usr/include/cmocka.h libcmocka-dev
test file /usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.asan-x86_64.a libclang-rt-19-dev
test cmd wat2wasm wabt
test cmd dpkg-source dpkg-dev
test cmd spin spin
test cmd gcc gcc
test file /usr/lib/wasm32-wasi/libc.a wasi-libc
test file /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a libclang-rt-19-dev-wasm32
test python json python3
bench cmd gcc gcc
bench cmd qemu-system-x86_64 qemu-system-x86
bench file /usr/lib/wasm32-wasi/libc.a wasi-libc
bench file /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a libclang-rt-19-dev-wasm32
bench cmd dpkg-source dpkg-dev
bench cmd tclsh tcl
bench python json python3
check python json python3
check cmd clang-format-14 clang-format-14
check cmd clang-tidy-19 clang-tidy-19
check cmd cppcheck cppcheck
check cmd sparse sparse
check cmd pahole pahole
check cmd pmccabe pmccabe
check cmd codespell codespell
check cmd shellcheck shellcheck
check cmd gcovr gcovr
TABLE
}

# The lines "thing package" of group $1 that this machine lacks.
missing() {
	needs | while read -r of kind thing package; do
		[ "$of" = "$1" ] || continue
		case $kind in
		cmd) command -v "$thing" >/dev/null 2>&1 && continue ;;
		file) [ -e "$thing" ] && continue ;;
		python) python3 -c "import $thing" 2>/dev/null && continue ;;
		esac
		echo "$thing $package"
	done
}

# Does apt know all of these packages? It knows none where its lists were never fetched.
known_to_apt() {
	for package; do
		apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || return 1
	done
}

# Ends with the line that somebody must run, unless this user can become root.
need_root() {
	become_root=
	[ "$(id -u)" -ne 0 ] || return 0
	become_root=sudo
	# Without a terminal sudo must not ask for a password.
	if command -v sudo >/dev/null 2>&1 && { [ -t 2 ] || sudo -n true 2>/dev/null; }; then
		return 0
	fi
	echo "setup: this user cannot install packages; run this as root, then come back:" >&2
	echo "  apt-get update && apt-get install -y --no-install-recommends $*" >&2
	exit 1
}

apt() {
	$become_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
		-o DPkg::Lock::Timeout=600 "$@" </dev/null >"$log" 2>&1
}

# The number of MB in the line of apt-get's plan (standard input) that matches $1.
plan_mb() {
	awk -v line="$1" '
		$0 ~ line {
			for (i = 1; i < NF; i++) {
				if ($i ~ /^[0-9][0-9.,]*$/ && $(i + 1) ~ /^[kMG]?B/) {
					gsub(",", "", $i)
					unit = substr($(i + 1), 1, 1)
					mb = $i * (unit == "G" ? 1000 : unit == "M" ? 1 : unit == "k" ? 0.001 : 0)
				}
			}
		}
		END { printf "%d\n", mb + 0.999 }'
}

# Says what installing costs: a download at 10 MB/s, unpacking at 20 MB/s.
tell_cost() {
	plan=$(LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" \
		</dev/null 2>/dev/null || true)
	download=$(printf '%s\n' "$plan" | plan_mb '^Need to get')
	disk=$(printf '%s\n' "$plan" | plan_mb 'disk space will be used')
	minutes=$(((download / 10 + disk / 20) / 60 + 1))
	echo "setup: $group: $download MB to download, $disk MB on disk, about $minutes min: $*"
}

install_packages() {
	need_root "$@"
	if ! known_to_apt "$@"; then
		echo "setup: $group: fetching apt's package lists first (about 10 MB, under 1 min)"
		apt update || give_up
	fi
	tell_cost "$@"
	apt install --no-install-recommends "$@" && return
	# Old lists name versions that the mirror no longer has.
	apt update || give_up
	apt install --no-install-recommends "$@" || give_up
}

give_up() {
	cat "$log" >&2
	echo "setup: $group: apt-get failed; what it said stands above and in $log" >&2
	exit 1
}

group=${1:-}
case $group in
build | run | test | bench | check) ;;
*)
	echo "usage: sh make/setup.sh build|run|test|bench|check" >&2
	exit 2
	;;
esac

lacking=$(missing "$group")
[ -n "$lacking" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "setup: this system has no apt-get. Please install, for '$group' (Debian's package names):" >&2
	printf '%s\n' "$lacking" | awk '{ printf "  %-24s for %s\n", $2, $1 }' >&2
	exit 1
fi

# One set-up at a time, where make runs several.
cd "$(dirname "$0")/.."
mkdir -p build/setup
if command -v flock >/dev/null 2>&1; then
	exec 9>build/setup/lock
	flock 9
	lacking=$(missing "$group")
	[ -n "$lacking" ] || exit 0
fi

packages=$(printf '%s\n' "$lacking" | awk '{ print $2 }' | sort -u | tr '\n' ' ')
packages=${packages% }
log=build/setup/$group.log
# shellcheck disable=SC2086 # the package names are words
install_packages $packages

lacking=$(missing "$group")
if [ -n "$lacking" ]; then
	echo "setup: installed, and still missing:" >&2
	printf '%s\n' "$lacking" | awk '{ printf "  %s (package %s)\n", $1, $2 }' >&2
	exit 1
fi
