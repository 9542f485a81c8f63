"""Moves partners, products and invoices from the tables of an old program: migration.py ORGANIZATION [--send]."""

import sys

import pandas as pd

import efimport

organization = sys.argv[1]  # its name in efimport.toml
tables = {  # each cell as it is: 0308 stays 0308, days stay days
    "partners": pd.read_excel("partners.xlsx", engine="calamine", dtype=object),
    "products": pd.read_csv("products.csv", sep=";", dtype=str),
    "invoices": pd.read_excel("invoices.xlsx", engine="calamine", dtype=object),
}
# What the old program wrote in a way of its own: "IČ 123 45 679", and prices with their currency behind them.
tables["partners"]["IČO"] = tables["partners"]["IČO"].str.replace(r"\D", "", regex=True).str.zfill(8)
tables["products"]["Cena bez DPH"] = tables["products"]["Cena bez DPH"].str.removesuffix(" Kč")

documents = [efimport.from_dataframe(one, name, organization=organization, name=name) for name, one in tables.items()]
plan = efimport.plan(documents, organization)
for finding in plan.findings:
    print(f"{finding.severity}: {finding.location.path} {finding.location.where or ''}: {finding.message}")
print(f"{len(plan.documents)} documents, {len(plan.calls)} calls")
if "--send" in sys.argv:
    with efimport.connect(organization) as service:
        for outcome in efimport.deliver(plan, service):
            print(outcome.state, outcome.call.call.method, outcome.call.number, outcome.answer or "")
