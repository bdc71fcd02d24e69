# shellcheck shell=sh
# apt_root.sh - packages of another suite, without mixing suites. To be sourced.
#
# A private apt root under build/apt/SUITE has its own lists, cache and sources; the
# machine's package database is neither read nor changed. The mirror is the one the
# machine itself uses for its main packages. Signatures are checked, their expiry is not: a
# mirror that stands still for some weeks still serves.
#
#   apt_root_prepare SUITE               makes or refreshes the root; status 0 or 1
#   apt_root_unpack  SUITE PACKAGE DIR   downloads the binary package, unpacks it to DIR
#   apt_root_source  SUITE PACKAGE DIR   downloads and unpacks the source package to DIR
#   apt_root_run     DIR PROGRAM ...     runs a program unpacked to DIR with DIR's own libc
#
# APT_ROOT_BASE is where the roots are (default: build/apt).
APT_ROOT_BASE=${APT_ROOT_BASE:-build/apt}

# The address of the mirror that this machine takes its distribution from.
apt_root_mirror() {
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' \
        2>/dev/null | awk '$1 == "Debian" { print $2; exit }'
}

apt_root_options() {
    root=$1
    echo "-o Dir::State=$root/state -o Dir::State::status=$root/status \
-o Dir::Cache=$root/cache -o Dir::Etc::sourcelist=$root/sources.list \
-o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=- -o Dir::Etc::preferences=- \
-o APT::Sandbox::User=root -o Acquire::Languages=none \
-o Acquire::Check-Valid-Until=false -o Acquire::Retries=2 -o Acquire::http::Timeout=30"
}

apt_root_prepare() {
    root=$(pwd)/$APT_ROOT_BASE/$1
    if [ -e "$root/ready" ]; then
        return 0
    fi
    mirror=$(apt_root_mirror)
    if [ -z "$mirror" ]; then
        echo "apt_root: this machine's apt configuration names no mirror" >&2
        return 1
    fi
    mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial"
    : >"$root/status"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    for kind in deb deb-src; do
        echo "$kind [signed-by=$keyring] $mirror $1 main"
    done >"$root/sources.list"
    # shellcheck disable=SC2046 # the options are words
    if ! apt-get $(apt_root_options "$root") -q update >"$root/update.log" 2>&1 ||
        grep -q '^[WE]: .*Failed' "$root/update.log"; then
        echo "apt_root: the lists of $1 are not to be had ($root/update.log)" >&2
        return 1
    fi
    : >"$root/ready"
}

apt_root_unpack() {
    root=$(pwd)/$APT_ROOT_BASE/$1
    target=$3
    mkdir -p "$root/download/$2" "$target"
    (
        cd "$root/download/$2" || exit 1
        rm -f -- *.deb
        # shellcheck disable=SC2046
        apt-get $(apt_root_options "$root") -q download "$2" >download.log 2>&1
    ) || {
        echo "apt_root: package $2 of $1 is not to be had" >&2
        return 1
    }
    dpkg -x "$root/download/$2/"*.deb "$target"
}

apt_root_source() {
    root=$(pwd)/$APT_ROOT_BASE/$1
    target=$(pwd)/$3
    if [ -e "$target/.unpacked" ]; then
        return 0
    fi
    rm -rf "$root/source/$2" "$target"
    mkdir -p "$root/source/$2" "$(dirname "$target")"
    (
        cd "$root/source/$2" || exit 1
        # shellcheck disable=SC2046
        apt-get $(apt_root_options "$root") -q --download-only source "$2" \
            >source.log 2>&1 && dpkg-source --no-check -x ./*.dsc unpacked >>source.log 2>&1
    ) || {
        echo "apt_root: the source of $2 of $1 is not to be had" >&2
        return 1
    }
    mv "$root/source/$2/unpacked" "$target"
    : >"$target/.unpacked"
}

apt_root_run() {
    tree=$1
    program=$2
    shift 2
    loader=$(find "$tree" -name 'ld-linux-x86-64.so.2' | head -n 1)
    libraries=$(find "$tree" -name 'libc.so.6' | head -n 1)
    "$loader" --library-path "$(dirname "$libraries")" "$tree/$program" "$@"
}
