# The same plans of 100 operators in Polars, optimised; building them is not timed. Arguments: how often, the file of results.
import json, sys, time
import polars as pl

times, output = int(sys.argv[1]), sys.argv[2]
col = pl.col
base = pl.LazyFrame(schema={'id': pl.Int64, 'region': pl.String, 'amount': pl.Float64, 'units': pl.Int64})

def chain(step):
    frame = base
    for i in range(100):
        frame = step(frame, i)
    return frame

def mixed(frame, i):
    kind = i % 5
    if kind == 0: return frame.filter(col('units') > -i)
    if kind == 1: return frame.with_columns((col('amount') * (i + 1)).alias(f'c{i}'))
    if kind == 2: return frame.with_columns(pl.when(col('units') > i).then(col('amount')).otherwise(0).alias(f'd{i}'))
    if kind == 3: return frame.drop(f'c{i - 2}')
    return frame.rename({f'd{i - 2}': f'e{i}'})

PLANS = [
    lambda: chain(mixed),
    lambda: chain(lambda frame, i: frame.filter(col('units') > -i)),
    lambda: chain(lambda frame, i: frame.with_columns((col('amount') + i).alias(f'c{i}'))),
    lambda: chain(lambda frame, i: frame.select('id', 'region', 'amount', col('units') + 1)),
    lambda: chain(lambda frame, i: frame.join(base.select('id', col('units').alias(f'u{i}')), on='id')),
    lambda: chain(lambda frame, i: frame.group_by('id', 'region').agg(col('amount').sum(), pl.len().alias('units'))),
    lambda: chain(lambda frame, i: pl.concat([frame, base.select(pl.all())], how='vertical_relaxed')),
    lambda: chain(lambda frame, i: frame.with_columns(col('id').rank('min').over('region').alias(f'r{i}'))),
]

seconds = used = 0

def one_pass():
    global seconds, used
    for plan in [make() for make in PLANS]:
        began, cpu = time.perf_counter(), time.process_time()
        plan.explain()
        used += time.process_time() - cpu
        seconds += time.perf_counter() - began

for _ in range(5):
    one_pass()
seconds = used = 0
for _ in range(times):
    one_pass()
json.dump(len(PLANS), open(output, 'w'))
print('BENCH ' + json.dumps({'seconds': seconds, 'cpuSeconds': used}), flush=True)
