"""The few signs of the interface, drawn on a 16-pixel grid with one line weight."""

from __future__ import annotations

from typing import Final

#: Path data of each icon; a stroke of the text's colour draws it.
ICONS: Final = {
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l4.1 4.1",
    "menu": "M1 3.5h14M1 8h14M1 12.5h14",
    "close": "M3 3l10 10M13 3 3 13",
    "check": "M2.5 8.5l3.5 4 7.5-9",
    "alert": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 4.2v4.6M8 11.2v.9",
    "info": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 7.2v4.6M8 3.9v.9",
    "sun": (
        "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 .8v1.6M8 13.6v1.6M.8 8h1.6M13.6 8h1.6"
        "M2.9 2.9l1.1 1.1M12 12l1.1 1.1M2.9 13.1 4 12M12 4l1.1-1.1"
    ),
    "moon": "M13.8 9.9A6.3 6.3 0 0 1 6.1 2.2a6.3 6.3 0 1 0 7.7 7.7z",
    "auto": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 1.5v13M11 3v10M13.2 5v6",
    "download": "M8 1.5v9M4 7l4 4 4-4M2 14.5h12",
    "arrow": "M2 8h11.5M9 3.5 13.5 8 9 12.5",
}

#: The mark of Perron, the stone column of Liège on its steps, in a box of 24 by 30.
MARK: Final = (
    "M12 0a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 12 0zM9.6 7.6h4.8v12.9H9.6zM6.4 21.6h11.2v2.3H6.4z"
    "M3.2 24.8h17.6v2.2H3.2zM0 27.9h24V30H0z"
)
