# Sourced by ./test and ./run: need_packages NAME... installs the Debian packages that are missing, and only those.

need_packages() {
    local missing=() name
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian system: please see to it that these are installed: $*"
        return 0
    fi
    for name in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) in
            installed*) ;;
            *) missing+=("$name") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "As root, first: apt-get install ${missing[*]}" >&2
            return 1
        }
        as_root=(sudo)
    fi
    echo "Installing from the distribution: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends \
        "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -20 "$log" >&2
        rm -f "$log"
        echo "apt-get could not install: ${missing[*]}" >&2
        return 1
    fi
    rm -f "$log"
}

# What building the library and the command takes.
build_packages=(g++ cmake ninja-build ccache libfmt-dev zlib1g-dev libxxhash-dev libcli11-dev nlohmann-json3-dev)
