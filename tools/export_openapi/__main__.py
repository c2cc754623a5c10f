"""`python -m tools.export_openapi`:

writes what each vendor's routes take and answer as OpenAPI 3.1, in our own words.
"""

import sys
from pathlib import Path

from playhead.vendors import VENDORS
from tools.export_openapi.document import to_yaml


def write_documents(folder: Path) -> list[Path]:
    """Write every vendor's document into a folder; the files."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"{vendor.name}.yaml" for vendor in VENDORS]
    for vendor, file in zip(VENDORS, files, strict=True):
        file.write_text(to_yaml(vendor), encoding="utf-8")
    return files


if __name__ == "__main__":
    for written in write_documents(Path(*sys.argv[1:2] or ["openapi"])):
        print(written)
