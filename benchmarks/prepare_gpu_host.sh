#!/usr/bin/env bash
# Gathers wheels for a GPU host that has Python and nothing of ours, and perhaps no network: skyforge itself, compiled here,
# and what it needs.
#
#   benchmarks/prepare_gpu_host.sh FOLDER [PACKAGES]
#
# PACKAGES is "kernels" (the default: what benchmarks/gpu.py and the GPU's tests of pixels need beside NumPy, SciPy and
# CuPy, which GPU hosts have: skyforge alone), "all" (what every command needs), or names with spaces between.
# What the host has already is left out by HAS="numpy scipy ...". PYTHON is the interpreter of the host's version, 3.12 by
# default; its machine is x86-64 with a C library no newer than the host's. On the host:
#
#   python3 -m pip install --no-index --no-deps --target site FOLDER/*.whl
#   PYTHONPATH=$PWD/site python3 benchmarks/gpu.py
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -lt 1 ]; then
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
folder=$1
wanted=${2:-kernels}
python=${PYTHON:-python3.12}
has=" ${HAS:-numpy scipy cupy-cuda13x} "

if ! version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then
    echo "$python does not run: set PYTHON to an interpreter of the version that the host has" >&2
    exit 1
fi
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The C++ library is linked in, so that the host's may be older.
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/wheel" \
    --config-settings=cmake.define.CMAKE_MODULE_LINKER_FLAGS="-static-libstdc++ -static-libgcc" .
own=$(ls "$work"/wheel/skyforge_sim-*.whl)

case "$wanted" in
kernels) names="" ;;
all) names=$own ;;
*) names=$wanted ;;
esac
if [ -n "$names" ]; then
    # shellcheck disable=SC2086  (words are meant to be split)
    "$work/venv/bin/pip" download --quiet --disable-pip-version-check --only-binary=:all: --dest "$work/all" $names
    for wheel in "$work"/all/*.whl; do
        name=$(basename "$wheel" | cut -d- -f1 | tr 'A-Z_' 'a-z-')
        case "$has skyforge-sim " in *" $name "*) ;; *) cp "$wheel" "$folder" ;; esac
    done
fi
cp "$own" "$folder"

ls -l "$folder"
echo "$(du -cm "$folder"/*.whl | tail -1 | cut -f1) MiB for Python $version"
