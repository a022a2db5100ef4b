from tests.cast import cast, committed_cast

__all__ = ["cast", "committed_cast"]
