from typing import Any

class Bank:
    def __init__(self, *arguments: Any) -> None: ...

class SourceList:
    def __init__(
        self, x_start: Any, y_start: Any, x_end: Any, y_end: Any, electrons: Any, psf: Any
    ) -> None: ...

class BackgroundLight:
    def __init__(self, value: float, array: Any, coarse: bool) -> None: ...

class DetectorModel:
    def __init__(
        self,
        sensitivity: float,
        sensitivity_map: Any,
        dark: float,
        dark_map: Any,
        full_well: float,
        read_noise: float,
        adu_per_electron: float,
        bias: float,
        bits: int,
    ) -> None: ...

def expected_image(
    image: Any, sources: SourceList, bank: Bank, light: BackgroundLight, threads: int, isa: str
) -> None: ...
def render_frame(
    image: Any,
    sources: SourceList,
    bank: Bank,
    light: BackgroundLight,
    model: DetectorModel,
    seed: int,
    frame: int,
    threads: int,
    isa: str,
) -> bool: ...
def expose(
    image: Any, expected: Any, model: DetectorModel, seed: int, frame: int, threads: int, isa: str
) -> bool: ...
def stage_seconds(
    expected: Any,
    image: Any,
    sources: SourceList,
    bank: Bank,
    light: BackgroundLight,
    model: DetectorModel,
    threads: int,
) -> tuple[float, float, float, float]: ...
def issue_rates(threads: int) -> tuple[float, float]: ...
def project(x: Any, y: Any, directions: Any, view: Any, threads: int) -> None: ...
def electron_counts(counts: Any, expected: Any, seed: int, frame: int, isa: str) -> None: ...
def halo_grid(bank: Bank, width: int, height: int, electrons: Any) -> tuple[int, int, int, int, float]: ...
def poisson_tables() -> tuple[list[int], list[int]]: ...
def uniform(values: Any, seed: int, stream: int, threads: int, isa: str) -> None: ...
def normal(values: Any, seed: int, stream: int, threads: int, isa: str) -> None: ...
def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]: ...
def instruction_sets() -> list[str]: ...
