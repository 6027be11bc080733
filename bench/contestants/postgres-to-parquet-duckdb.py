# DuckDB's own postgres extension writing one Parquet file. Arguments: url, output.
import os, sys
import duckdb, duckdb_extension_postgres_scanner as extension

url, target = sys.argv[1:3]
folder = os.path.join(target, 'extensions', 'v1.5.5', 'linux_amd64')
os.makedirs(folder)
name = 'postgres_scanner.duckdb_extension'
os.symlink(os.path.join(os.path.dirname(extension.__file__), 'extensions', 'v1.5.5', name), os.path.join(folder, name))
db = duckdb.connect(config={'extension_directory': os.path.join(target, 'extensions')})
db.execute('load postgres_scanner')
db.execute(f"attach '{url}' as source (type postgres, read_only)")
db.execute(f"copy (select * from source.bench.purchases) to '{target}/purchases.parquet' (format parquet, compression snappy)")
