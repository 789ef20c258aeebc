"""As much of jax as exported code uses, over numpy: what it computes is checked, that jax itself runs it is not."""

import sys
import types

import numpy as np


def logsumexp(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    return np.log(np.sum(np.exp(x - top), axis=axis)) + np.squeeze(top, axis)


def module(name, **members):
    made = types.ModuleType(name)
    vars(made).update(members)
    sys.modules[name] = made
    return made


def install():
    nn = module(
        "jax.nn",
        sigmoid=lambda x: np.exp(-np.logaddexp(0.0, -x)),
        log_sigmoid=lambda x: -np.logaddexp(0.0, -x),
        relu=lambda x: np.maximum(x, 0.0),
        log_softmax=lambda x, axis: x - np.expand_dims(logsumexp(x, axis), axis),
        logsumexp=logsumexp,
    )
    lax = module("jax.lax", stop_gradient=lambda x: x)
    module("jax", nn=nn, lax=lax, numpy=np, Array=np.ndarray)
    sys.modules["jax.numpy"] = np
