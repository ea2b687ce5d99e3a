"""The parts of compare_peers.py.

Some run in processes of their own: the peers' queries (duckdb_query, polars_query)
and the comparison line by line (agreement), which need the packages of
requirements-peers.txt, and many_policies. All else needs the standard library alone.
"""
