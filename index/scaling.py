"""Points in the plane whose distances are near to given dissimilarities (multidimensional scaling).

It starts from classical scaling (Torgerson 1952) and lowers the weighted stress by majorisation, SMACOF (de Leeuw
1977), after the textbook by Borg and Groenen (Modern Multidimensional Scaling, 2nd ed. 2005, chapters 8, 9 and 12).
Dissimilarities count by their order (Kruskal 1964): only that more unlike be farther apart is asked for, for
cosines of many dimensions lie too close together to be drawn as they are.
"""

import numpy as np
from numpy.typing import NDArray

_STEPS = 30
_CENTRE_WEIGHT = 10.0
"""What a pair with the point at the centre counts beside another pair: its neighbours are what is looked at most."""
_LEAST = 1e-9

Floats = NDArray[np.float64]


def plane(dissimilarities: Floats, centre: int) -> tuple[Floats, float]:
    """Points whose distances order as the dissimilarities do, as far as a plane allows.

    Args:
        dissimilarities: float64, shape (n, n), symmetric, 0 or more, n at least 1.
        centre: the point that lies at the origin.

    Returns:
        Points, float64, shape (n, 2), the farthest at distance 1 of the origin; and Kruskal's stress (formula 1), 0
        for a perfect picture. The first axis is that along which the points spread most; the point that lies farthest
        along an axis does so on its positive side.
    """
    count = len(dissimilarities)
    points, stress = _refined(_classical(dissimilarities), dissimilarities, centre)
    points = _oriented(points - points[centre])
    farthest = float(np.linalg.norm(points, axis=1).max())
    return (points / farthest if farthest > _LEAST else np.zeros((count, 2))), stress


def _classical(dissimilarities: Floats) -> Floats:
    """The two principal axes of the doubly centred squares: float64, shape (n, 2)."""
    from scipy.linalg import eigh

    count = len(dissimilarities)
    squares = dissimilarities**2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean())
    values, vectors = eigh(centred, subset_by_index=[max(count - 2, 0), count - 1])
    axes = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0.0))
    return np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))


def _refined(points: Floats, dissimilarities: Floats, centre: int) -> tuple[Floats, float]:
    """Steps of SMACOF towards distances in the order of the dissimilarities; the points and their stress."""
    from scipy.optimize import isotonic_regression  # takes long to load, and few commands need it

    count = len(points)
    first, second = np.triu_indices(count, 1)
    order = np.argsort(dissimilarities[first, second], kind="stable")
    first, second = first[order], second[order]
    weights = np.where((first == centre) | (second == centre), _CENTRE_WEIGHT, 1.0)
    stress = 0.0
    for step in range(_STEPS + 1):
        distances = np.hypot(*(points[first] - points[second]).T)
        size = float(np.einsum("i,i,i->", weights, distances, distances))
        if size <= _LEAST:  # all in one place, or one point alone
            return points, 0.0
        wanted = isotonic_regression(distances, weights=weights).x
        stress = float(np.sqrt(np.einsum("i,i->", weights, (distances - wanted) ** 2) / size))
        if step == _STEPS:
            break
        wanted = wanted * np.sqrt(size / max(float(np.einsum("i,i,i->", weights, wanted, wanted)), _LEAST))
        pull = np.zeros((count, count))
        pull[first, second] = weights * wanted / np.maximum(distances, _LEAST)
        pull += pull.T
        points = _solved(pull.sum(axis=1)[:, None] * points - np.einsum("ij,jk->ik", pull, points), centre)
    return points, stress


def _solved(moved: Floats, centre: int) -> Floats:
    """The points whose Guttman transform this is, the centre at the origin.

    All pairs weigh 1 but those with the centre, so the system of the majorisation has a closed solution.
    """
    moved = moved.copy()
    moved[centre] = 0.0
    points = (moved + moved.sum(axis=0) / _CENTRE_WEIGHT) / (len(moved) - 1 + _CENTRE_WEIGHT)
    points[centre] = 0.0
    return points


def _oriented(points: Floats) -> Floats:
    """Turned about the origin so that they spread most along the first axis, the farthest on the positive sides."""
    _, vectors = np.linalg.eigh(points.T @ points)
    turned = points @ vectors[:, ::-1]
    farthest = turned[np.abs(turned).argmax(axis=0), [0, 1]]
    return turned * np.where(farthest < 0, -1.0, 1.0)
