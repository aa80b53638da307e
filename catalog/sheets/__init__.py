"""Films as rows of a sheet, CSV or XLSX: read, checked, applied, and written out."""
