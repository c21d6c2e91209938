"""CuPy without a GPU: its calls of the CUDA runtime and driver end in the emulator.

CuPy's compiled modules find each other's C functions in capsules. Here the capsules of `runtime` and `driver` are
replaced, before anybody has taken them, by functions that do on the host what CUDA does on a device, at once. So
everything of CuPy that `CupyRuntime` uses runs as it is: its memory pool, streams, events, pinned memory, and how it
passes the arguments of a kernel.

Imported first in a process of its own; CuPy is of no use for anything else there.
"""

# ruff: noqa: ARG002, N802  (names and parameters are those of CuPy)
from __future__ import annotations

import ctypes
import itertools
import re
import time
from importlib import import_module

import numpy as np
from emulator import emulator

_TYPES = {
    "intptr_t": ctypes.c_ssize_t,
    "size_t": ctypes.c_size_t,
    "int": ctypes.c_int,
    "unsigned int": ctypes.c_uint,
    "float": ctypes.c_float,
    "PyObject *": ctypes.py_object,
}
_SIGNATURE = re.compile(r"^(.*?) ?\((.*)\)$")
_API = ctypes.pythonapi
_API.PyCapsule_GetName.restype = ctypes.c_char_p
_API.PyCapsule_GetName.argtypes = [ctypes.py_object]
_API.PyCapsule_New.restype = ctypes.py_object
_API.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_KEPT: list[object] = []


class Cuda:
    """What is called of the CUDA runtime and driver."""

    def __init__(self, memory):
        self.machine, self.memory = emulator(), memory
        self.handles = itertools.count(1000)
        self.sizes: dict[int, int] = {}
        self.hosts: dict[int, np.ndarray] = {}
        self.registered: set[int] = set()
        self.events: dict[int, float] = {}
        self.streams: dict[int, int] = {}
        self.modules: dict[int, bytes] = {}
        self.functions: dict[int, str] = {}
        self.launches: list[tuple[str, tuple[int, ...], int]] = []

    # Devices
    def getDevice(self):
        return 0

    def getDeviceCount(self):
        return 1

    def setDevice(self, device):
        assert device == 0

    def _ensure_context(self):
        return None

    def deviceSynchronize(self):
        return None

    def deviceGetAttribute(self, attribute, device):
        return 0

    # Memory
    def malloc(self, size):
        address = self.machine.allocate(size)
        ctypes.memset(address, 0xA5, size)
        self.sizes[address] = size
        return address

    def free(self, address):
        del self.sizes[address]
        self.machine.free(address)

    def memGetInfo(self):
        return self.memory - sum(self.sizes.values()), self.memory

    def hostAlloc(self, size, flags):
        memory = np.full(size, 0xA5, np.uint8)
        self.hosts[memory.ctypes.data] = memory
        return memory.ctypes.data

    def freeHost(self, address):
        del self.hosts[address]

    def hostRegister(self, address, size, flags):
        assert address not in self.registered
        self.registered.add(address)

    def hostUnregister(self, address):
        self.registered.remove(address)

    def memcpyAsync(self, to, source, size, kind, stream):
        assert kind in (1, 2)
        self._check_stream(stream)
        device = to if kind == 1 else source
        assert any(
            begin <= device and device + size <= begin + length for begin, length in self.sizes.items()
        )
        ctypes.memmove(to, source, size)

    def memsetAsync(self, address, value, size, stream):
        self._check_stream(stream)
        ctypes.memset(address, value, size)

    # Streams and events
    def streamCreateWithFlags(self, flags):
        handle = next(self.handles)
        self.streams[handle] = flags
        return handle

    def streamCreateWithPriority(self, flags, priority):
        return self.streamCreateWithFlags(flags)

    def streamDestroy(self, stream):
        del self.streams[stream]

    def streamSynchronize(self, stream):
        self._check_stream(stream)

    def streamWaitEvent(self, stream, event, optional=0):
        self._check_stream(stream)
        assert event in self.events

    def eventCreateWithFlags(self, flags):
        handle = next(self.handles)
        self.events[handle] = np.nan
        return handle

    def eventDestroy(self, event):
        del self.events[event]

    def eventRecord(self, event, stream):
        self._check_stream(stream)
        self.events[event] = time.perf_counter()

    def eventQuery(self, event):
        return 0 if event in self.events else 1

    def eventSynchronize(self, event):
        assert event in self.events

    def eventElapsedTime(self, start, stop):
        return 1e3 * (self.events[stop] - self.events[start])

    # Kernels
    def moduleLoadData(self, cubin):
        assert cubin.startswith(b"\x7fELF")
        handle = next(self.handles)
        self.modules[handle] = cubin
        return handle

    def moduleUnload(self, module):
        del self.modules[module]

    def moduleGetFunction(self, module, name):
        assert f".text.{name}".encode() in self.modules[module]
        handle = next(self.handles)
        self.functions[handle] = name
        return handle

    def launchKernel(self, function, *values):
        *shape, shared, stream, parameters, extra = values
        self._check_stream(stream)
        assert (shared, extra) == (0, 0)
        name = self.functions[function]
        entry = self.machine.entries[name]
        assert shape[2:] == [1, entry.threads, 1, 1]
        address = ctypes.c_void_p.from_address(parameters).value
        self.launches.append((name, tuple(shape), stream))
        self.machine.launch(name, (shape[0], shape[1]), ctypes.string_at(address, entry.bytes), "shuffled", 1)

    def _check_stream(self, stream):
        assert stream == 0 or stream in self.streams


def install(memory=2**31):
    """Put the emulator under CuPy, and return what is called of it."""
    cuda = Cuda(memory)
    for name in ("runtime", "driver"):
        module = import_module(f"cupy_backends.cuda.api.{name}")
        capsules = module.__pyx_capi__
        for function in set(capsules) & set(dir(Cuda)):
            capsules[function] = _replaced(capsules[function], getattr(cuda, function))
            if hasattr(module, function):
                setattr(module, function, getattr(cuda, function))
    return cuda


def _replaced(capsule, function):
    name = _API.PyCapsule_GetName(capsule)
    result, parameters = _SIGNATURE.match(name.decode()).groups()
    kinds = [part for part in parameters.split(", ") if part and part != "void"]
    skipped = [index for index, kind in enumerate(kinds) if kind.endswith("__pyx_skip_dispatch")]
    types = [
        ctypes.c_int if index in skipped else ctypes.c_void_p if "optional_args" in kind else _TYPES[kind]
        for index, kind in enumerate(kinds)
    ]

    def call(*values):
        return function(*[value for index, value in enumerate(values) if index not in skipped])

    callback = ctypes.PYFUNCTYPE(_TYPES[result], *types)(call)
    _KEPT.extend((callback, name))
    return _API.PyCapsule_New(ctypes.cast(callback, ctypes.c_void_p), name, None)
