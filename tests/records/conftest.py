from tests.cast import cast, committed_cast
from tests.shelf import shelf

__all__ = ["cast", "committed_cast", "shelf"]
