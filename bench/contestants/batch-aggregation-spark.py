# The same in PySpark, local[2]; the session and a first small action are left out of the time. Arguments: input, output.
import json, resource, sys, time
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, count, lit, sum

source, target = sys.argv[1:3]
spark = (SparkSession.builder.master('local[2]').config('spark.ui.enabled', 'false')
         .config('spark.driver.memory', '6g').config('spark.sql.shuffle.partitions', '8')
         .config('spark.driver.bindAddress', '127.0.0.1').config('spark.driver.host', '127.0.0.1').getOrCreate())
spark.sparkContext.setLogLevel('ERROR')
spark.range(1000).groupBy((col('id') % 7).alias('k')).count().collect()

def jvm_seconds():
    pid = spark.sparkContext._gateway.jvm.java.lang.ProcessHandle.current().pid()
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100

began, cpu = time.perf_counter(), jvm_seconds() + time.process_time()
(spark.read.parquet(source).filter(col('date') == lit('2024-03-01').cast('date')).groupBy('user_id', 'product_id')
 .agg(sum('amount').alias('total_spent'), count(lit(1)).alias('transaction_count'))
 .write.mode('overwrite').parquet(target))
seconds = time.perf_counter() - began
print('BENCH ' + json.dumps({'seconds': seconds, 'cpuSeconds': jvm_seconds() + time.process_time() - cpu}), flush=True)
spark.stop()
