"""The words of the house: one table by code, in Chinese and English."""

from fundledger.texts.places import places, readable
from fundledger.texts.table import LANGUAGES, Text, codes, fill, text

__all__ = ["LANGUAGES", "Text", "codes", "fill", "places", "readable", "text"]
