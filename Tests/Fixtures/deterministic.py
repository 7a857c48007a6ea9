"""The inputs of the operation cases: the same numbers as Tests/TestSupport/DeterministicValues.swift."""

import numpy as np


def _hash(seed, count):
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(count, dtype=np.uint64) + np.uint64(1 + 7919 * seed)) & mask
    h = (h * np.uint64(2654435761)) & mask
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & mask
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(3266489917)) & mask
    return h ^ (h >> np.uint64(16))


def _count(shape):
    return int(np.prod(shape, dtype=np.int64))


def uniform(shape, low=-1.0, high=1.0):
    def draw(seed):
        unit = (_hash(seed, _count(shape)).astype(np.float64) + 0.5) / 4294967296
        return (low + (high - low) * unit).reshape(shape)

    return draw


def away_from_zero(shape, low=0.2, high=2.0):
    def draw(seed):
        negative = (_hash(seed, _count(shape)) & np.uint64(1)).reshape(shape)
        return np.where(negative == 0, 1.0, -1.0) * uniform(shape, low, high)(seed)

    return draw


def spread(shape, low=-1.0, high=1.0):
    def draw(seed):
        count = _count(shape)
        place = np.argsort(np.argsort(_hash(seed, count), kind="stable"), kind="stable")
        unit = (place.astype(np.float64) + 0.5) / max(count, 1)
        return (low + (high - low) * unit).reshape(shape)

    return draw


def values(numbers, shape=None):
    return lambda seed: np.array(numbers, dtype=np.float64).reshape(shape or [len(numbers)])
