"""Writes secudium.xls from secudium.csv: python3 make_xls.py. Needs xlwt."""

import csv
import pathlib

import xlwt

here = pathlib.Path(__file__).parent
book = xlwt.Workbook(encoding="utf-8")
with open(here / "secudium.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file))
# The sheet is named by the day of the first row, as the portal names it.
sheet = book.add_sheet(rows[1][0][2:10].replace("-", ""))
for number, row in enumerate(rows):
    for column, text in enumerate(row):
        sheet.write(number, column, text)
book.save(str(here / "secudium.xls"))
