#!/usr/bin/env bash
# Runs every kernel on small frames under NVIDIA's compute-sanitizer: memory errors, races in shared memory, memory that
# nobody wrote, barriers that not all threads reach. PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/../../.."

tool=$(command -v compute-sanitizer || true)
for folder in "${CUDA_PATH:-}" "${CUDA_HOME:-}" /usr/local/cuda; do
    [ -n "$tool" ] || [ ! -x "$folder/bin/compute-sanitizer" ] || tool="$folder/bin/compute-sanitizer"
done
if [ -z "$tool" ]; then
    echo "compute-sanitizer is not installed (it comes with the CUDA toolkit); nothing was checked" >&2
    exit "${SANITIZER_MISSING:-1}"
fi

for check in memcheck racecheck initcheck synccheck; do
    echo "== $check"
    "$tool" --tool "$check" --error-exitcode 86 "${PYTHON:-python}" tests/render/gpu/sanitized_frames.py
done
