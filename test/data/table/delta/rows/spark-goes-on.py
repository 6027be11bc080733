"""Reads tables that others wrote with delta-spark and goes on with them; prints for each the rows before and after, or why it would not."""
import json, sys
from pyspark.sql import SparkSession

spark = (SparkSession.builder.master('local[1]')
         .config('spark.jars.packages', 'io.delta:delta-spark_2.13:4.4.0')
         .config('spark.sql.extensions', 'io.delta.sql.DeltaSparkSessionExtension')
         .config('spark.sql.catalog.spark_catalog', 'org.apache.spark.sql.delta.catalog.DeltaCatalog')
         .config('spark.databricks.delta.snapshotPartitions', '1')
         .config('spark.sql.shuffle.partitions', '1')
         .config('spark.ui.enabled', 'false').getOrCreate())
spark.sparkContext.setLogLevel('ERROR')

def rows(folder):
    return [r.asDict(True) for r in spark.read.format('delta').load(folder).collect()]

def ids(folder):
    """The ids of a table that tracks rows, and the versions that made them."""
    properties = spark.sql(f'describe detail delta.`{folder}`').collect()[0].properties
    if properties.get('delta.enableRowTracking') != 'true':
        return []
    told = spark.read.format('delta').load(folder)
    return [r.asDict() for r in told.selectExpr('id', '_metadata.row_id as row', '_metadata.row_commit_version as version').collect()]

for folder in sys.argv[1:]:
    table = f'delta.`{folder}`'
    try:
        before, ids_before = rows(folder), ids(folder)
        spark.sql(f'insert into {table} (id) values (500)')
        spark.sql(f'delete from {table} where id in (5, 11)')
        spark.sql(f"merge into {table} t using (select 12L as id union all select 501L) s on t.id = s.id "
                  "when matched then update set note = 'spark' when not matched then insert (id) values (s.id)")
        spark.sql(f'optimize {table}')
        print(json.dumps({'before': before + ids_before, 'rows': rows(folder) + ids(folder)}), flush=True)
    except Exception as refused:
        print(json.dumps({'refused': str(refused)[:2000]}), flush=True)
