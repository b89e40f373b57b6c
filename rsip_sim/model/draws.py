"""Random draws keyed by (seed, replication, entity, purpose, occasion) and by nothing else.

A draw is a hash of its key, not the next number of a stream: adding a school, a rule or a
replication, or calling in another order, changes no other draw, and two scenarios share every
draw whose key they share. The mixing function is the finaliser of SplitMix64 (Steele, Lea and
Flood 2014, "Fast splittable pseudorandom number generators", variant 13 of Stafford's mixers);
its arithmetic is exact on 64-bit integers, so equal keys give equal bits on every machine.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from rsip_sim.model.arrays import FloatArray, IntArray

Keys = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = (np.uint64(shift) for shift in (30, 27, 31, 12))
# 52 bits and a half: with 53 the largest would round to 1
_UNIT = 2.0**-52


class Purpose(IntEnum):
    """What a draw is for. Numbers are part of every result: never reuse or renumber one."""

    PARAMETER = 1
    START_GRADE = 2
    CONVERSION_TASTE = 3
    MEMBERSHIP_TASTE = 4
    FOUNDING = 5  # noise of the founding choice
    MEMBERSHIP = 6  # noise of a later choice; occasion: month number
    CONVERSION_THRESHOLD = 7  # occasion: spell
    PIPELINE = 8  # application to opening; occasion: month number of the application
    WITHDRAWAL = 9  # as PIPELINE
    PULL = 10  # as PIPELINE
    ORDER_THRESHOLD = 11
    ORDER_MONTHS = 12
    INSPECTION = 13  # occasion: how many inspections before
    REGRADE = 14  # as INSPECTION
    ASSOCIATE = 15
    TRUST_ON_CONVERSION = 16
    TRUST_CLOCK = 17  # entity: family; occasion: how many formed before
    CHAIN_CLOCK = 18  # occasion: how many approaches before
    CHAIN_TARGET = 19  # as CHAIN_CLOCK
    CHAIN_JOIN = 20  # as CHAIN_CLOCK
    AUTHORITY_FIXED = 21  # entity: phase, or COMMON
    AUTHORITY_PATH = 22  # entity: phase, or COMMON; occasion: month number
    CLIMATE_PATH = 23  # occasion: month number
    ORDER_EFFECT = 24
    FALL_EFFECT = 25
    COUNCIL_DISPOSITION = 26  # occasion: calendar year
    FORUM_DISPOSITION = 27  # occasion: calendar year
    ENDOWMENT = 28
    PARAMETER_SET = 29  # which of the calibrated sets
    SPONSOR = 30  # whether a sponsor comes from outside
    DEFICIT = 31  # whether a sponsored school leaves a deficit


def mix(keys: Keys) -> Keys:
    """Scramble 64-bit keys, one to one; any shape."""
    mixed = keys ^ (keys >> _S30)
    mixed *= _FIRST
    mixed ^= mixed >> _S27
    mixed *= _SECOND
    mixed ^= mixed >> _S31
    return mixed


def key_of(name: str) -> int:
    """A 64-bit key for an entity that is known by name (a community, a diocese, a parameter)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _as_keys(values: ArrayLike) -> Keys:
    array = np.asarray(values)
    return array.astype(np.uint64) if array.dtype != np.uint64 else array


class Draws:
    """All draws of one block of replications.

    seed          the scenario's seed, shared by every scenario of a comparison
    replications  int array (replications,): which simulated futures this block holds
    """

    def __init__(self, seed: int, replications: ArrayLike) -> None:
        """Prepare the key of every replication of the block."""
        origin = mix(np.asarray([seed], dtype=np.uint64) + _GOLDEN)
        index = np.atleast_1d(_as_keys(replications)) + np.uint64(1)
        self._replication_keys: Keys = mix(origin + index * _GOLDEN)
        self.size = len(self._replication_keys)

    @staticmethod
    def keyed(entities: ArrayLike, purpose: Purpose) -> Keys:
        """Keys of entities for one purpose, (entities,): what a caller may keep and reuse."""
        entity = mix(np.atleast_1d(_as_keys(entities)) + _GOLDEN)
        return mix(entity + np.full(1, int(purpose), dtype=np.uint64) * _GOLDEN)

    @staticmethod
    def on(keyed: Keys, occasions: ArrayLike) -> Keys:
        """Keys for an occasion, or for one occasion an entity."""
        return mix(keyed + np.atleast_1d(_as_keys(occasions)) * _GOLDEN)

    def uniform_of(self, keys: Keys, columns: IntArray | None = None) -> FloatArray:
        """Uniform draws of finished keys.

        Shape (entities, replications), or (cells,) with the replication column of each key.
        """
        if columns is None:
            mixed = mix(keys[:, None] + self._replication_keys)
        else:
            mixed = mix(keys + self._replication_keys[columns])
        uniform = (mixed >> _S12).astype(np.float64)
        uniform += 0.5
        uniform *= _UNIT
        return uniform

    def uniform(
        self, entities: ArrayLike, purpose: Purpose, occasions: ArrayLike = 0
    ) -> FloatArray:
        """Uniform draws strictly between 0 and 1, shape (entities, replications)."""
        return self.uniform_of(self.on(self.keyed(entities, purpose), occasions))

    def uniform_at(
        self, entities: ArrayLike, columns: IntArray, purpose: Purpose, occasions: ArrayLike = 0
    ) -> FloatArray:
        """The same draws for single cells: entity i in the replication of column i."""
        return self.uniform_of(self.on(self.keyed(entities, purpose), occasions), columns)

    def one(self, purpose: Purpose, occasion: int = 0, entity: int = 0) -> FloatArray:
        """Uniform draws of a single entity, shape (replications,)."""
        return self.uniform(np.asarray([entity], dtype=np.uint64), purpose, occasion)[0, :]

    def normal(self, purpose: Purpose, occasion: int = 0, entity: int = 0) -> FloatArray:
        """Standard normal draws of a single entity, shape (replications,)."""
        return np.asarray(ndtri(self.one(purpose, occasion, entity)))


def exponential(uniform: FloatArray) -> FloatArray:
    """Unit-exponential draws from uniform ones."""
    return -np.log(uniform)


def normal(uniform: FloatArray) -> FloatArray:
    """Standard normal draws from uniform ones."""
    return np.asarray(ndtri(uniform))
