# dlt: sql_table with the pyarrow backend into a Delta table of the filesystem destination. Arguments: url, output, work.
import os, sys

url, target, work = sys.argv[1:4]
os.environ['DLT_DATA_DIR'] = work
os.environ['RUNTIME__DLTHUB_TELEMETRY'] = 'false'
os.environ['RUNTIME__LOG_LEVEL'] = 'ERROR'
import dlt
from dlt.sources.sql_database import sql_table

table = sql_table(credentials=url.replace('postgresql://', 'postgresql+psycopg2://'), table='purchases', schema='bench',
                  backend='pyarrow', chunk_size=100_000, reflection_level='full_with_precision')
table.apply_hints(table_format='delta', write_disposition='replace')
pipeline = dlt.pipeline('bench', destination=dlt.destinations.filesystem(bucket_url=f'file://{target}'),
                        dataset_name='lake', pipelines_dir=work)
pipeline.run(table, loader_file_format='parquet').raise_on_failed_jobs()
