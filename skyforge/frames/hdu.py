"""The bytes of a header-data unit of FITS: cards, checksums, padding to whole blocks (FITS Standard 4.0, 3 and 4)."""

from __future__ import annotations

from skyforge.codec import checksum_text, datasum

BLOCK_BYTES = 2880
CARD_BYTES = 80
# A number ends, and a text's closing quote stands, in column 30 or after it (section 4.2).
_VALUE_WIDTH = 20
_SHORTEST_TEXT = 8
_NO_CHECKSUM = "0" * 16
_END = b"END".ljust(CARD_BYTES)


def structure_card(keyword: str, value: bool | int | str, comment: str) -> bytes:
    """Write a card of a unit's structure.

    Parameters
    ----------
    keyword
        Up to eight capitals and digits.
    value
        A truth, a whole number or a short text without quotes.
    comment
        What it is.

    Returns
    -------
    bytes
        The 80 characters of the card.
    """
    if isinstance(value, str):
        field = f"'{value:<{_SHORTEST_TEXT}}'".ljust(_VALUE_WIDTH)
    else:
        field = f"{'FT'[value] if isinstance(value, bool) else value:>{_VALUE_WIDTH}}"
    return f"{keyword:<8}= {field} / {comment}".ljust(CARD_BYTES).encode("ascii")


def sealed_header(cards: bytes, data_sum: int) -> bytes:
    """Complete a header: checksums, end, padding.

    Parameters
    ----------
    cards
        All other cards, 80 bytes each.
    data_sum
        DATASUM of the unit's data (FITS Standard 4.0, section 4.4.2.7).

    Returns
    -------
    bytes
        The header in whole blocks.
    """
    sum_card = structure_card("DATASUM", str(data_sum), "checksum of the data")
    last = sum_card + _END
    last += b" " * (-(len(cards) + CARD_BYTES + len(last)) % BLOCK_BYTES)
    # Cards are whole words, so that the parts of a header add up.
    total = datasum(cards + _checksum_card(_NO_CHECKSUM) + last, start=data_sum)
    return cards + _checksum_card(checksum_text(total)) + last


def data_padding(size: int) -> bytes:
    """Return the zeros that fill up the last block of `size` bytes of data."""
    return bytes(-size % BLOCK_BYTES)


def _checksum_card(text: str) -> bytes:
    return structure_card("CHECKSUM", text, "checksum of header and data")
