"""Exposures worked out ahead: in order, one at a time, and no more of them than the memory holds."""

from __future__ import annotations

import threading

import pytest

from skyforge.pipeline.ahead import worked_ahead


def test_results_come_in_order_and_the_next_is_begun_while_one_is_used():
    begun = [threading.Event() for _ in range(5)]

    def work(index: int) -> int:
        begun[index].set()
        return index * index

    results = []
    for index, result in enumerate(worked_ahead(work, 5, lambda _: True)):
        if index < 4:
            assert begun[index + 1].wait(timeout=10.0)
        results.append(result)
    assert results == [0, 1, 4, 9, 16]


def test_what_is_too_large_is_not_worked_out_ahead():
    begun: list[int] = []
    for index, _ in enumerate(worked_ahead(begun.append, 4, lambda _: False)):
        assert begun == list(range(index + 1))


def test_an_error_comes_where_the_result_would_have():
    def work(index: int) -> int:
        if index == 2:
            raise ZeroDivisionError
        return index

    results = worked_ahead(work, 5, lambda _: True)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_goes_on_after_a_run_that_breaks_off():
    before = threading.active_count()
    results = worked_ahead(lambda index: index, 1000, lambda _: True)
    next(results)
    results.close()
    assert threading.active_count() == before
