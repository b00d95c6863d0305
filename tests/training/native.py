"""Trainers without anything of scikit-learn's: a network that learns in place, and a library with a call of its own."""

import numpy as np

__all__ = ["Net", "ask", "learn"]


class Net:
    """One layer as torch would have it: parameters that a loop of the user's own changes where they are."""

    def __init__(self, width):
        self.parameters = np.zeros(width + 1)

    def forward(self, rows):
        return 1 / (1 + np.exp(-np.column_stack([rows, np.ones(len(rows))]) @ self.parameters))


def learn(net, rows, values, weights):
    """Two hundred steps downhill from where the parameters are; ``net`` may be the class, as it is to be made from."""
    net = net(rows.shape[1]) if isinstance(net, type) else net
    target = values == "yes"
    for _ in range(200):
        error = weights * (net.forward(rows) - target)
        net.parameters -= 0.5 * np.column_stack([rows, np.ones(len(rows))]).T @ error / weights.sum()
    return net


def ask(net, rows):
    return np.where(net.forward(rows) > 0.5, "yes", "no")
