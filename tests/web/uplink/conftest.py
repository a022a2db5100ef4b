from tests.cast import committed_cast

__all__ = ["committed_cast"]
