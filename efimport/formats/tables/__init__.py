"""Tables: what CSV files and spreadsheets are made of, before anybody knows what their columns mean.

``reader`` makes tables of a file, ``numbers`` and ``days`` read what stands in their cells. Which format a table is of
is decided elsewhere: by a mapping file, or by the readers of PayPal and of the spreadsheet of e-računi.
"""
