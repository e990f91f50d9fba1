"""Measurements of the served program: what `./dev bench repay`, `read` and `day-end` share and do.

Each runs the release build on a portfolio (bench/portfolio), loads it over HTTP (bench/load) and
compares it with bare programs (bench/floor) and PostgreSQL's own pgbench, in turn, in one run.
"""
