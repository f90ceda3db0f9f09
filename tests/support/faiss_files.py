"""What stands in a file of FAISS."""

import faiss
import numpy as np


def vectors_of(path):
    """The vectors as they were rounded, in the order in which they were added: float64."""
    index = faiss.read_index(str(path))
    if isinstance(index, faiss.IndexIVF):
        index.make_direct_map()
    return index.reconstruct_n(0, index.ntotal).astype(np.float64)
