# The benchmark's own SQL in PySpark, local[2], ANSI mode; a pass over all queries comes first and is not timed.
# Arguments: the folder of tables, the file of results.
import json, sys, time
from pyspark.sql import SparkSession

folder, output = sys.argv[1:3]
spark = (SparkSession.builder.master('local[2]').config('spark.ui.enabled', 'false')
         .config('spark.driver.memory', '6g').config('spark.sql.shuffle.partitions', '8')
         .config('spark.sql.session.timeZone', 'UTC')
         .config('spark.driver.bindAddress', '127.0.0.1').config('spark.driver.host', '127.0.0.1').getOrCreate())
spark.sparkContext.setLogLevel('ERROR')
for name in ('customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'):
    spark.read.parquet(f'{folder}/{name}.parquet').createOrReplaceTempView(name)
queries = [text.rstrip().rstrip(';') for text in json.load(open(f'{folder}/queries.json'))]

def jvm_seconds():
    pid = spark.sparkContext._gateway.jvm.java.lang.ProcessHandle.current().pid()
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100

def one_pass():
    return [spark.sql(query).collect() for query in queries]

one_pass()
began, cpu = time.perf_counter(), jvm_seconds() + time.process_time()
results = one_pass()
seconds, used = time.perf_counter() - began, jvm_seconds() + time.process_time() - cpu
json.dump([[[None if value is None else str(value) for value in row] for row in rows] for rows in results],
          open(output, 'w'), ensure_ascii=False)
print('BENCH ' + json.dumps({'seconds': seconds, 'cpuSeconds': used}), flush=True)
spark.stop()
