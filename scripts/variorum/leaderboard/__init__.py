"""The leaderboard: predictions as files, and everything that the table says computed from them."""

from variorum.leaderboard.system import Measured, Package, System

__all__ = ["Measured", "Package", "System"]
