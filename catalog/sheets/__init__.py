"""Films as rows of a sheet, CSV or XLSX: parsing, import and export."""
