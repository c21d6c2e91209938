"""The way to a GPU: kernels as text, their compiler, and what runs them.

Nothing here is imported before someone asks for a GPU, and only `cupy_runtime` imports CuPy.
"""
