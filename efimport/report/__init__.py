"""Reports: one model of a plan and its outcomes, shown in a terminal, as HTML, as a spreadsheet and as JSON.

:func:`efimport.report.build.build_report` makes the model; ``print_report``, ``write_html``, ``write_xlsx`` and
``write_json`` in the modules beside it only show it. None of them decides anything.
"""
