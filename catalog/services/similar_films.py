"""Item-to-item collaborative filtering with `implicit`: films that share their audience.

Works on arrays, without Django. A viewer's own list is computed from these neighbours and their
history at request time (`catalog.selectors.recommendations`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Neighbours per film. With more of them taste drowns in popularity (bench/recommend.py).
NEIGHBOURS = 15


@dataclass(frozen=True)
class Watched:
    """Watched films: three columns of one length. `viewers` and `films` count from 0."""

    viewers: NDArray[np.int32]
    films: NDArray[np.int32]
    weights: NDArray[np.float32]  # share of the film that was watched, above 0 and up to 1


@dataclass(frozen=True)
class Neighbours:
    """The most similar films of one film, most similar first."""

    film: int
    others: NDArray[np.int32]
    scores: NDArray[np.float64]  # cosine, above 0 and up to 1


def neighbours_of_films(watched: Watched, *, keep: int = NEIGHBOURS) -> Iterator[Neighbours]:
    """Yield each film that shares viewers with another. Memory: `keep` entries a film."""
    # Heavy imports, needed once a night in one worker.
    import numpy as np
    from implicit.nearest_neighbours import ItemItemRecommender, normalize
    from scipy.sparse import csr_matrix

    if not len(watched.films):
        return
    shape = (int(watched.viewers.max()) + 1, int(watched.films.max()) + 1)
    matrix = csr_matrix((watched.weights, (watched.viewers, watched.films)), shape=shape)
    # One thread: the other cores encode. The film itself takes one place of the list.
    model = ItemItemRecommender(K=keep + 1, num_threads=1)
    # Films as unit vectors: their product is the cosine.
    model.fit(csr_matrix(normalize(matrix.T).T), show_progress=False)
    similarity = csr_matrix(model.similarity)
    for film in range(shape[1]):
        row = slice(similarity.indptr[film], similarity.indptr[film + 1])
        others = similarity.indices[row]
        scores = similarity.data[row]
        wanted = (others != film) & (scores > 0)
        others = others[wanted]
        scores = scores[wanted]
        order = np.argsort(-scores, kind="stable")[:keep]
        if len(order):
            yield Neighbours(film, others[order], scores[order])
