"""The page: one self-contained HTML file that says what comes, what to do and how it was made.

`forecast_page` puts charts and tables into one text that needs no network; `write_report` writes
it whole or not at all; `chart_files` gives the same charts as PNG files.
"""

from upswell.report._pictures import CHART_NAMES, chart_files
from upswell.report.page import REPORT_NAME, forecast_page, page_bytes, write_report

PICTURE_NAMES = CHART_NAMES | {REPORT_NAME}
"""Names of the files that pages and charts are written to."""

__all__ = [
    "CHART_NAMES",
    "PICTURE_NAMES",
    "REPORT_NAME",
    "chart_files",
    "forecast_page",
    "page_bytes",
    "write_report",
]
